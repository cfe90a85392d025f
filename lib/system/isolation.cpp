#include "system/isolation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>

#include "system/descriptor.hpp"
#include "system/errors.hpp"

namespace konvoy::system {
namespace {

// argv[1] of a process that enters a root; nobody types it.
constexpr std::string_view marker = "--konvoy-enter-root";
constexpr int status_setup_failed = 125;  // as chroot(1): the tool itself failed
constexpr int status_cannot_execute = 126;
constexpr int status_not_found = 127;

[[noreturn]] void give_up(std::string_view what, int error) {
  const std::string text =
      fmt::format("konvoy-image: cannot {} for the image root: {}\n", what, describe_errno(error));
  (void)!::write(STDERR_FILENO, text.data(), text.size());
  ::_exit(status_setup_failed);
}

void require(bool done, std::string_view what) {
  if (!done) give_up(what, errno);
}

// Mounts on a directory of the root, given by descriptor so that no link in the image can lead
// the mount elsewhere.
void mount_on(int root, const char* name, const char* type, unsigned long flags,
              const char* options) {
  const Descriptor point(::openat(root, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!point.open() && errno == ENOENT) return;  // an image without /sys needs none
  require(point.open(), fmt::format("open /{}", name));
  const std::string path = fmt::format("/proc/self/fd/{}", point.fd());
  require(::mount(type, path.c_str(), type, flags, options) == 0, fmt::format("mount /{}", name));
}

void fill_dev(int root) {
  const Descriptor dev(::openat(root, "dev", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!dev.open()) return;
  for (const char* name : {"null", "zero", "full", "random", "urandom", "tty"}) {
    const Descriptor node(::openat(dev.fd(), name, O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0666));
    require(node.open(), "make a device file");
    const std::string target = fmt::format("/proc/self/fd/{}", node.fd());
    const std::string source = fmt::format("/dev/{}", name);
    require(::mount(source.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) == 0,
            "bind " + source);
  }
  const std::array<std::array<const char*, 2>, 4> links{{{"/proc/self/fd", "fd"},
                                                         {"/proc/self/fd/0", "stdin"},
                                                         {"/proc/self/fd/1", "stdout"},
                                                         {"/proc/self/fd/2", "stderr"}}};
  for (const auto& [to, name] : links) {
    // A device directory that lacks a link is poorer, not unsafe.
    [[maybe_unused]] const int made = ::symlinkat(to, dev.fd(), name);
  }
  (void)::mkdirat(dev.fd(), "shm", 01777);
}

void raise_loopback() {
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  (void)::ioctl(socket.fd(), SIOCSIFFLAGS, &request);
}

// The image becomes a mount of its own, without devices: a node that something makes in it leads
// to no disk of ours. What is mounted below it (its /boot) comes along.
Descriptor bind_root(const char* path) {
  require(::mount(path, path, nullptr, MS_BIND | MS_REC, nullptr) == 0, "bind the directory");
  Descriptor root(::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
  require(root.open(), fmt::format("open '{}'", path));
  struct statvfs about {};
  require(::fstatvfs(root.fd(), &about) == 0, "look at the directory");
  // ST_RDONLY, ST_NOSUID and ST_NOEXEC have the values of MS_RDONLY and so on: they stay.
  const unsigned long kept = about.f_flag & (MS_RDONLY | MS_NOSUID | MS_NOEXEC);
  require(::mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | MS_NODEV | kept, nullptr) == 0,
          "take the devices off the directory");
  return root;
}

// pivot_root() and not just chroot(): out of a chroot a process with CAP_SYS_CHROOT climbs by a
// second one; here nothing is left above.
void change_root(int root) {
  require(::fchdir(root) == 0, "enter the directory");
  require(::syscall(SYS_pivot_root, ".", ".") == 0, "change the root");
  require(::umount2(".", MNT_DETACH) == 0, "leave the old root");
  require(::chdir("/") == 0, "enter the new root");
}

void drop_capabilities() {
  for (const int capability : {CAP_SYS_MODULE, CAP_SYS_RAWIO, CAP_SYS_BOOT, CAP_SYS_TIME,
                               CAP_SYSLOG, CAP_MAC_ADMIN, CAP_WAKE_ALARM}) {
    (void)::prctl(PR_CAPBSET_DROP, capability);
  }
}

void set_up(const char* root_path, bool network) {
  require(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0,
          "make the mounts private");
  const Descriptor root = bind_root(root_path);
  constexpr unsigned long harmless = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  mount_on(root.fd(), "dev", "tmpfs", MS_NOSUID | MS_NOEXEC | MS_NODEV, "mode=0755,size=1m");
  fill_dev(root.fd());
  mount_on(root.fd(), "sys", "sysfs", harmless | MS_RDONLY, nullptr);
  mount_on(root.fd(), "proc", "proc", harmless, nullptr);
  if (!network) raise_loopback();
  change_root(root.fd());
  if (::mount("/proc/sys", "/proc/sys", nullptr, MS_BIND | MS_REC, nullptr) == 0) {
    require(::mount(nullptr, "/proc/sys", nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY | harmless,
                    nullptr) == 0,
            "make /proc/sys read-only");
  }
  drop_capabilities();
}

[[noreturn]] void execute(char** argv) {
  ::execvp(argv[0], argv);
  const int error = errno;
  const std::string text = fmt::format("cannot run '{}': {}\n", argv[0], describe_errno(error));
  (void)!::write(STDERR_FILENO, text.data(), text.size());
  ::_exit(error == ENOENT ? status_not_found : status_cannot_execute);
}

int exit_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

// Process 1 of the new pid namespace: reaps what is orphaned, ends with the command; the kernel
// then kills all that is left.
[[noreturn]] void be_init(char** argv) {
  const pid_t command = ::fork();
  require(command >= 0, "start a process");
  if (command == 0) execute(argv);
  while (true) {
    int status = 0;
    const pid_t ended = ::wait(&status);
    if (ended == command) ::_exit(exit_status(status));
    if (ended < 0 && errno != EINTR) ::_exit(status_setup_failed);
  }
}

int enter(const char* root, bool network, char** argv) {
  const pid_t parent = ::getppid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(status_setup_failed);
  int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
  if (!network) flags |= CLONE_NEWNET;
  require(::unshare(flags) == 0, "make namespaces (it takes root)");
  const pid_t init = ::fork();
  require(init >= 0, "start a process");
  if (init == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    set_up(root, network);
    be_init(argv);
  }
  int status = 0;
  while (::waitpid(init, &status, 0) < 0) {
    if (errno != EINTR) return status_setup_failed;
  }
  return exit_status(status);
}

}  // namespace

std::optional<int> enter_root_if_asked(int argc, char** argv) {
  constexpr int first_word = 4;  // program, marker, network, root
  if (argc <= first_word || argv[1] != marker) return std::nullopt;
  return enter(argv[3], std::string_view(argv[2]) == "network", argv + first_word);
}

std::vector<std::string> isolated_arguments(const Isolation& isolation,
                                            const std::vector<std::string>& argv) {
  std::vector<std::string> all{"/proc/self/exe", std::string(marker),
                               isolation.network ? "network" : "offline", isolation.root};
  all.insert(all.end(), argv.begin(), argv.end());
  return all;
}

}  // namespace konvoy::system
