"""The system calls that a kernel may not make, compiled here to a program that is loaded there.

Denied calls fail with EPERM, so that a notebook sees an ordinary error. `clone3` does not exist for
a kernel (ENOSYS): its flags lie in memory that a filter cannot read; libraries then use `clone`.
Calls of another architecture kill.
"""

from __future__ import annotations

import errno
import functools
import os
import socket
import tempfile
from typing import Any

_NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW* that clone can carry
_CLONE_PTRACE = 0x00002000
_MAP_SHARED_ANONYMOUS = 0x01 | 0x20

DENIED = (
    # other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease",
    "kcmp", "pidfd_getfd",
    # mounts and namespaces
    "mount", "umount2", "umount", "pivot_root", "chroot", "move_mount", "fsopen", "fsconfig",
    "fsmount", "fspick", "open_tree", "open_tree_attr", "mount_setattr", "statmount", "listmount",
    "unshare", "setns", "open_by_handle_at", "name_to_handle_at", "quotactl", "quotactl_fd",
    # memory that no limit counts, or that others share
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "shmdt", "semget", "semop",
    "semctl", "semtimedop", "msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink",
    "remap_file_pages", "mlock", "mlock2", "mlockall", "mbind", "migrate_pages", "move_pages",
    "set_mempolicy", "set_mempolicy_home_node", "vmsplice",
    # large attack surfaces
    "keyctl", "add_key", "request_key", "bpf", "perf_event_open", "io_uring_setup",
    "io_uring_enter", "io_uring_register", "userfaultfd", "fanotify_init", "fanotify_mark",
    "lookup_dcookie", "landlock_create_ruleset", "uselib", "modify_ldt", "personality",
    # the machine
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "swapon",
    "swapoff", "reboot", "acct", "syslog", "vhangup", "nfsservctl", "iopl", "ioperm", "sethostname",
    "setdomainname", "settimeofday", "stime", "clock_settime", "clock_settime64", "clock_adjtime",
    "clock_adjtime64", "adjtimex", "ioprio_set",
)  # fmt: skip
"""Denied whatever their arguments are."""

_RECENT = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "clone3": 435, "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442,
    "quotactl_fd": 443, "landlock_create_ruleset": 444, "memfd_secret": 447,
    "process_mrelease": 448, "set_mempolicy_home_node": 450, "statmount": 457, "listmount": 458,
    "open_tree_attr": 467,
}  # fmt: skip
"""Calls since Linux 5.1, which a libseccomp may be too old to know; from 424 on they have the same
number on every architecture (include/uapi/asm-generic/unistd.h)."""

_UNKNOWN = -1  # __NR_SCMP_ERROR; other negative numbers are those of other architectures' calls

_SELF_ONLY = ("prlimit64", "sched_setaffinity", "sched_setparam", "sched_setattr")
"""Their first argument is a process: 0, oneself."""


@functools.cache
def program() -> bytes:
    """The filter for this machine's architecture, an array of `struct sock_filter`.

    Raises:
        ImportError, OSError: libseccomp is not there, or does not know a call that is denied.
    """
    import pyseccomp as seccomp  # noqa: PLC0415 (loads a library that not every system has)

    made = seccomp.SyscallFilter(seccomp.ALLOW)
    made.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    deny = seccomp.ERRNO(errno.EPERM)

    def rule(action: int, name: str, *arguments: Any) -> None:
        number = _RECENT.get(name)
        if number is None:
            number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
        if number == _UNKNOWN:
            raise OSError(f"libseccomp does not know the system call {name}; a newer one does")
        if number >= 0:
            made.add_rule(action, number, *arguments)

    def bits(argument: int, mask: int, value: int) -> Any:
        return seccomp.Arg(argument, seccomp.MASKED_EQ, mask, value)

    for name in DENIED:
        rule(deny, name)
    for name in _SELF_ONLY:
        rule(deny, name, seccomp.Arg(0, seccomp.NE, 0))
    # libzmq gives its threads, which it names, the ordinary policy.
    ordinary = seccomp.Arg(1, seccomp.NE, os.SCHED_OTHER)
    rule(deny, "sched_setscheduler", seccomp.Arg(0, seccomp.NE, 0), ordinary)
    for argument in (0, 1):  # PRIO_PROCESS, oneself
        rule(deny, "setpriority", seccomp.Arg(argument, seccomp.NE, 0))
    # To everybody in sight, the keepers of other exercises among them.
    rule(deny, "kill", bits(0, 0xFFFFFFFF, 0xFFFFFFFF))
    rule(deny, "mmap", bits(3, _MAP_SHARED_ANONYMOUS, _MAP_SHARED_ANONYMOUS))
    for shift in range(32):
        flag = 1 << shift
        if flag & (_NEW_NAMESPACES | _CLONE_PTRACE):
            rule(deny, "clone", bits(0, flag, flag))
    rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    # As if the machine had no network at all: libraries (libzmq among them) are prepared for that.
    elsewhere = seccomp.Arg(0, seccomp.NE, int(socket.AF_UNIX))
    for name in ("socket", "socketpair"):
        rule(seccomp.ERRNO(errno.EAFNOSUPPORT), name, elsewhere)
    rule(deny, "ioctl", bits(1, 0xFFFFFFFF, 0x5412))  # TIOCSTI
    rule(deny, "prctl", bits(0, 0xFFFFFFFF, 0x59616D61))  # PR_SET_PTRACER
    with tempfile.TemporaryFile() as file:
        made.export_bpf(file)
        file.seek(0)
        return file.read()
