// Command altegio-readiness checks an integration for the Altegio marketplace before Altegio's
// staff do: it plays the user, the platform and the moderator against the partner's real
// integration and ends with a verdict, READY or NOT READY, and a report that explains it.
//
// The code lives elsewhere; here are the command line, one file a command, and the runner that
// owns the lifetime of everything a run starts.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
