package fakealtegio

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
)

// Owner is a person who presses Connect.
type Owner struct {
	ID       int64
	Name     string
	Email    string // never used before, at a domain that cannot receive mail
	Phone    string // digits only, as the platform sends it
	Password string // that the owner chooses at the integration
	Scenario string
}

// NewOwner makes a person and has the redactor replace what identifies them from now on.
//
// Name and id come from the seed. Email, phone and password do not: they must not meet an account that
// an earlier run with the same seed left at a staging deployment, and nobody may work them out from
// the seed, which every report shows.
func (p *Platform) NewOwner(scenario string) Owner {
	id, name := p.world.newOwner()
	o := Owner{
		ID:       id,
		Name:     name,
		Email:    "owner-" + secret(lowerLetters+digits, 12) + "@example.test",
		Phone:    "1555" + secret("23456789", 1) + secret(digits, 6), // no subscriber has the area code 555
		Password: password(),
		Scenario: scenario,
	}
	red := p.cfg.Journal.Redactor()
	red.Secret("owner-name", o.Name)
	red.Secret("owner-email", o.Email)
	red.Secret("owner-phone", o.Phone)
	red.Secret("owner-password", o.Password)
	return o
}

func (w *world) newOwner() (id int64, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	name = w.names[int(w.nextOwner)%len(w.names)]
	w.nextOwner++
	return w.nextOwner, name
}

const (
	lowerLetters = "abcdefghjkmnpqrstuvwxyz" // without those that look like digits
	digits       = "0123456789"
)

// password has every kind of character that sign-up pages ask for, and more than 100 bits.
func password() string {
	all := lowerLetters + strings.ToUpper(lowerLetters) + "23456789"
	return fmt.Sprintf("%s-%s-%s-%s9a", secret(all, 6), secret(all, 6), secret(all, 6), secret(strings.ToUpper(lowerLetters), 2))
}

// secret returns n characters that nobody can foresee.
func secret(alphabet string, n int) string {
	var b strings.Builder
	for range n {
		i, _ := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet)))) // crypto/rand ends the program rather than fail
		b.WriteByte(alphabet[i.Int64()])
	}
	return b.String()
}
