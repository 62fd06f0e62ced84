package partner

import (
	"os/exec"
	"syscall"
)

// dieWithUs makes the kernel end the process when the harness is killed, which is the one end of
// the harness after which nobody is left to do it. What the process itself has started lives on.
func dieWithUs(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL }
