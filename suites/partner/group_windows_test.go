package partner_test

func alive(int) bool { return false }
