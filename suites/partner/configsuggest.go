package partner

import "strings"

// suggest returns the candidate nearest to a word, or "" if none is near enough to be meant.
func suggest(word string, candidates []string) string {
	best, least := "", 1+max(1, len(word)/3)
	for _, candidate := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap with their neighbour to get from a to b.
func distance(a, b string) int {
	const tooLong = 64 // nobody misspells such a word; and the table grows with the product
	if len(a) > tooLong || len(b) > tooLong {
		return tooLong
	}
	x, y := []rune(a), []rune(b)
	table := make([][]int, len(x)+1)
	for i := range table {
		table[i] = make([]int, len(y)+1)
		table[i][0] = i
	}
	for j := range table[0] {
		table[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			table[i][j] = min(table[i-1][j]+1, table[i][j-1]+1, table[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				table[i][j] = min(table[i][j], table[i-2][j-2]+1)
			}
		}
	}
	return table[len(x)][len(y)]
}
