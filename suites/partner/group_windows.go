package partner

import (
	"os"
	"os/exec"
)

// Windows has no process groups that could be signalled: only the process itself is ended.

func ownGroup(*exec.Cmd) {}

func endGroup(pid int) { killGroup(pid) }

func killGroup(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
		_ = p.Release()
	}
}

func groupAlive(int) bool { return false }
