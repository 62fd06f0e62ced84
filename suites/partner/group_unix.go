//go:build unix

package partner

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// ownGroup makes the command the leader of a process group, so that everything it starts can be
// ended with it, and so that Ctrl-C at the terminal reaches only us.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithUs(cmd)
}

// endGroup asks the processes of a group to end.
func endGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGTERM) }

// killGroup ends them.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

// groupAlive tells whether somebody in a group is alive. As long as there is an entry of one in the process table, the
// number is not given to another.
func groupAlive(pid int) bool {
	err := syscall.Kill(-pid, 0)
	return (err == nil || errors.Is(err, syscall.EPERM)) && !onlyZombies(pid)
}

// onlyZombies tells, where there is a /proc, whether all of a group are dead and nobody has collected
// them: in many containers process 1 never does.
func onlyZombies(group int) bool {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return false
	}
	zombies := false
	for _, entry := range entries {
		if _, err := strconv.Atoi(entry.Name()); err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + entry.Name() + "/stat")
		if err != nil {
			continue
		}
		// "pid (name) state parent group …", and the name may have anything in it
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) < 3 || fields[2] != strconv.Itoa(group) {
			continue
		}
		if fields[0] != "Z" && fields[0] != "X" {
			return false
		}
		zombies = true
	}
	return zombies
}
