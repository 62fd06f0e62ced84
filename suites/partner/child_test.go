package partner_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// child is the test binary as a program that configurations run. PARTNER_TEST_CHILD says which.
func child(role string) int {
	switch role {
	case "serve": // an integration
		fmt.Println("\x1b[32mlistening\x1b[0m on", os.Getenv("PORT"), "with partner-token-value")
		fmt.Fprintln(os.Stderr, strings.Repeat("x", 8190)+"partner-token-value"+strings.Repeat("y", 9000))
		http.HandleFunc("/env", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, os.Getenv("FROM_PARENT"), os.Getenv("ALTEGIO_URL"))
		})
		http.HandleFunc("/exit", func(http.ResponseWriter, *http.Request) { os.Exit(4) })
		fmt.Fprintln(os.Stderr, http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
		return 1
	case "broken": // always answers 503
		_ = http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }))
		return 1
	case "die": // ends at once
		fmt.Println("cannot find module 'express'")
		fmt.Fprint(os.Stderr, "no newline at the end")
		return 3
	case "family": // a launcher whose child serves and does not listen to polite requests
		own := exec.Command(os.Args[0])
		own.Env = append(os.Environ(), "PARTNER_TEST_CHILD=stubborn")
		own.Stdout, own.Stderr = os.Stdout, os.Stderr
		if err := own.Start(); err != nil {
			return 1
		}
		fmt.Println("pids", os.Getpid(), own.Process.Pid)
		_ = own.Wait()
		return 0
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
		_ = http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil)
		return 1
	case "facts": // an exec step: says what it was told
		var facts struct {
			Owner   struct{ Email string }
			Payment struct{ Key string }
		}
		in, _ := io.ReadAll(os.Stdin)
		_ = json.Unmarshal(in, &facts)
		var env []string
		for _, entry := range os.Environ() {
			if strings.HasPrefix(entry, "READINESS_") || strings.HasPrefix(entry, "ALTEGIO_") {
				env = append(env, entry)
			}
		}
		slices.Sort(env)
		dir, _ := os.Getwd()
		out, _ := json.Marshal(map[string]any{
			"email": facts.Owner.Email, "key": facts.Payment.Key, "env": strings.Join(env, "\n"), "stdin": string(in), "dir": dir,
			"number": json.Number("12345678901234567890"), "yes": true, "nothing": nil, "bad-name": "x", "list": []int{1},
		})
		_, _ = os.Stdout.Write(out)
		return 0
	case "fail":
		for i := range 20 {
			fmt.Fprintf(os.Stderr, "line %d\n", i)
		}
		fmt.Fprint(os.Stderr, "cannot pay with partner-token-value")
		return 7
	case "hang": // leaves somebody behind who holds the pipes
		own := exec.Command(os.Args[0])
		own.Env = append(os.Environ(), "PARTNER_TEST_CHILD=sleep")
		own.Stdout, own.Stderr = os.Stdout, os.Stderr
		_ = own.Start()
		_ = os.WriteFile(os.Getenv("PIDS"), fmt.Append(nil, os.Getpid(), " ", own.Process.Pid), 0o600)
		if os.Getenv("LEAVE") != "" {
			return 0
		}
		select {}
	case "sleep":
		c := make(chan os.Signal, 1)
		signal.Notify(c, os.Interrupt)
		<-c
		return 0
	case "print":
		fmt.Print(os.Getenv("PRINT"))
		return 0
	case "flood":
		line := strings.Repeat("y", 1000) + "\n"
		for range 2500 {
			fmt.Print(line)
		}
		return 0
	}
	return 99
}
