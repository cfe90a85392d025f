#include "target/root_target.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "system/parallel.hpp"
#include "system/process.hpp"
#include "system/rooted_files.hpp"
#include "target/account_names.hpp"
#include "target/detached.hpp"
#include "target/streams.hpp"
#include "target/upload.hpp"

namespace konvoy::target {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using system::RootedDirectory;

constexpr std::size_t commands_at_once = 4;

// The package managers' locks name a process, and in an image's root each command has a process
// table of its own: two at once would both hold the lock.
bool locks_by_process(const CommandProbe& probe) {
  return !probe.argv.empty() && (probe.argv.front() == "dnf" || probe.argv.front() == "yum");
}

bool means_absent(int error) {
  return error == ENOENT || error == ENOTDIR;
}

ProbeFailure failure(int error) {
  switch (error) {
    case EISDIR: return {"is a directory"};
    case EINVAL: return {"is not a regular file"};
    default: return {system::describe_errno(error)};
  }
}

FileType type_of(mode_t mode) {
  if (S_ISREG(mode)) return FileType::regular;
  if (S_ISDIR(mode)) return FileType::directory;
  return S_ISLNK(mode) ? FileType::link : FileType::other;
}

// How commands run there.
class Commands {
 public:
  Commands(const RootOptions& options, bool live) : options_(options), live_(live) {}

  [[nodiscard]] Result<system::Outcome> run(
      const RunCommand& action, std::uint64_t output_limit,
      std::function<std::string(std::string_view)> answer = {}) const {
    system::Command command{.argv = action.argv,
                            .environment = action.environment,
                            .clear_environment = true,
                            .input = action.input,
                            .directory = "/",
                            .timeout = action.timeout,
                            .output_limit = output_limit,
                            .answer = std::move(answer)};
    command.environment.emplace("LC_ALL", base::Secret("C"));
    command.environment.emplace("HOME", base::Secret("/root"));
    command.environment.emplace(
        "PATH", base::Secret("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    if (!live_) {
      command.isolation = system::Isolation{.root = options_.path,
                                            .network = action.needs_network && !options_.offline};
    }
    return system::run(command);
  }

 private:
  const RootOptions& options_;
  bool live_;
};

// Answers the questions of a command.
class Dialogue {
 public:
  explicit Dialogue(Objection judge) : judge_(judge) {}

  // For system::Command::answer; refers to this.
  [[nodiscard]] std::function<std::string(std::string_view)> answers() {
    if (judge_ == nullptr) return {};
    return [this](std::string_view output) { return answer(output); };
  }
  [[nodiscard]] std::optional<base::Diagnostic> objection() const { return objection_; }

 private:
  std::string answer(std::string_view output) {
    if (!output.substr(answered_).ends_with("[y/N]: ")) return {};
    answered_ = output.size();
    objection_ = judge_(output);
    return objection_ ? "n\n" : "y\n";
  }

  Objection judge_;
  std::optional<base::Diagnostic> objection_;
  std::size_t answered_ = 0;
};

struct Observer {
  const RootedDirectory& root;
  const Commands& commands;
  AccountNames users;
  AccountNames groups;

  Observation operator()(const StatProbe& probe) const;
  Observation operator()(const ReadProbe& probe) const;
  Observation operator()(const ListProbe& probe) const;
  Observation operator()(const DigestProbe& probe) const;
  Observation operator()(const CommandProbe& probe) const;
};

Observation Observer::operator()(const StatProbe& probe) const {
  const auto found = system::stat_entry(root, probe.path, probe.follow);
  if (!found.ok()) {
    if (means_absent(found.error)) return StatAnswer{};
    return failure(found.error);
  }
  const struct stat& about = *found.value;
  FileStat stat{.type = type_of(about.st_mode),
                .mode = about.st_mode & 07777U,
                .uid = about.st_uid,
                .gid = about.st_gid,
                .owner = users.name(about.st_uid),
                .group = groups.name(about.st_gid),
                .size = static_cast<std::uint64_t>(about.st_size),
                .mtime = about.st_mtim.tv_sec,
                .ctime = about.st_ctim.tv_sec,
                .inode = about.st_ino,
                .device = about.st_dev};
  if (stat.type == FileType::link) {
    stat.link_target = system::read_link(root, probe.path).value.value_or("");
  } else {
    stat.selinux_context = system::selinux_context(root, probe.path, probe.follow);
  }
  return StatAnswer{std::move(stat)};
}

Observation Observer::operator()(const ReadProbe& probe) const {
  auto bytes = system::read_entry(root, probe.path, probe.offset, probe.limit + 1);
  if (!bytes.ok()) {
    if (means_absent(bytes.error)) return ReadAnswer{};
    return failure(bytes.error);
  }
  const bool truncated = bytes.value->size() > probe.limit;
  if (truncated) bytes.value->resize(probe.limit);
  return ReadAnswer{std::move(bytes.value), truncated};
}

Observation Observer::operator()(const ListProbe& probe) const {
  auto names = system::list_entries(root, probe.path);
  if (names.ok()) return ListAnswer{std::move(names.value)};
  if (names.error == ENOENT) return ListAnswer{};
  if (names.error == ENOTDIR) {
    const bool there = system::stat_entry(root, probe.path, true).ok();
    if (there) return ProbeFailure{"is not a directory"};
    return ListAnswer{};
  }
  return failure(names.error);
}

Observation Observer::operator()(const DigestProbe& probe) const {
  const auto file = system::open_regular(root, probe.path);
  if (!file.ok()) {
    if (means_absent(file.error)) return DigestAnswer{};
    return failure(file.error);
  }
  const auto digest = crypto::digest_file(crypto::DigestAlgorithm::sha256, file.descriptor.fd());
  if (!digest) return ProbeFailure{digest.error().message()};
  return DigestAnswer{base::to_hex(digest->digest)};
}

Observation Observer::operator()(const CommandProbe& probe) const {
  auto outcome = commands.run({.argv = probe.argv,
                               .environment = probe.environment,
                               .timeout = probe.timeout,
                               .needs_network = probe.needs_network},
                              probe.output_limit);
  if (!outcome) return ProbeFailure{outcome.error().message()};
  return CommandAnswer{outcome->status, std::move(outcome->out), std::move(outcome->err)};
}

struct Performer {
  using Performed = Result<ActionResult>;
  const RootedDirectory& root;
  const Commands& commands;
  AccountNames users;
  AccountNames groups;
  bool live;
  const base::EventSink& events;

  Performed operator()(const WriteFile& action) const;
  Performed operator()(const Remove& action) const {
    return done(action, system::remove_entry(root, action.path, action.recursive));
  }
  Performed operator()(const MakeDirectory& action) const {
    const int error = system::make_directory(root, action.path);
    return error != 0 ? done(action, error) : own(action, action.path, action.ownership);
  }
  Performed operator()(const MakeLink& action) const {
    return done(action, system::make_link(root, action.path, action.to));
  }
  Performed operator()(const SetOwnership& action) const {
    return own(action, action.path, action.ownership);
  }
  Performed operator()(const Rename& action) const {
    return done(action, system::rename_entry(root, action.from, action.to));
  }
  Performed operator()(const PushFile& action) const;
  Performed operator()(const RunCommand& action) const;

  static Performed done(const Action& action, int error) {
    if (error == 0) return ActionResult{};
    return Error{ErrorKind::run,
                 fmt::format("cannot {}: {}", describe(action), system::describe_errno(error))};
  }
  [[nodiscard]] Result<system::EntryOwnership> numbers(const Ownership& ownership) const;
  [[nodiscard]] Performed own(const Action& action, const std::string& path,
                              const Ownership& ownership) const;
};

Result<system::EntryOwnership> Performer::numbers(const Ownership& ownership) const {
  system::EntryOwnership entry{.mode = ownership.mode,
                               .selinux_context = ownership.selinux_context};
  if (!ownership.owner.empty()) {
    entry.uid = users.number(ownership.owner);
    if (!entry.uid) return Error{ErrorKind::run, fmt::format("no user '{}'", ownership.owner)};
  }
  if (!ownership.group.empty()) {
    entry.gid = groups.number(ownership.group);
    if (!entry.gid) return Error{ErrorKind::run, fmt::format("no group '{}'", ownership.group)};
  }
  return entry;
}

Performer::Performed Performer::own(const Action& action, const std::string& path,
                                    const Ownership& ownership) const {
  KONVOY_TRY(const auto entry, numbers(ownership));
  return done(action, system::set_ownership(root, path, entry));
}

Performer::Performed Performer::operator()(const WriteFile& action) const {
  const std::string_view content = action.content.reveal();
  if (action.in_place) return done(action, system::overwrite_entry(root, action.path, content));
  KONVOY_TRY(const auto entry, numbers(action.ownership));
  const system::WriteOptions options{.mode = entry.mode, .uid = entry.uid, .gid = entry.gid};
  const int error = system::write_entry(root, action.path, content, options, action.follow_link);
  if (error != 0 || entry.selinux_context.empty()) return done(action, error);
  return done(action,
              system::set_ownership(root, action.path, {.selinux_context = entry.selinux_context}));
}

Performer::Performed Performer::operator()(const PushFile& action) const {
  KONVOY_TRY(const auto entry, numbers(action.ownership));
  const system::Descriptor file(::open(action.local_path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    return system::system_error(ErrorKind::input, "read", action.local_path, errno);
  }
  // What is digested is what is copied: the same open file, and the digest once more at the end.
  KONVOY_TRY(const auto digest, crypto::digest_file(crypto::DigestAlgorithm::sha256, file.fd()));
  if (base::to_hex(digest.digest) != action.sha256) {
    return Error{ErrorKind::run,
                 fmt::format("cannot {}: the file has another SHA-256", describe(action)),
                 fmt::format("expected {}", action.sha256)};
  }
  const auto parent = root.parent_of(action.path);
  if (!parent.directory.ok()) return done(action, parent.directory.error);
  return done(action, system::copy_at(file.fd(), parent.directory.descriptor.fd(), parent.name,
                                      {.mode = entry.mode, .uid = entry.uid, .gid = entry.gid}));
}

Performer::Performed Performer::operator()(const RunCommand& action) const {
  constexpr std::uint64_t output_limit = 16U << 20U;
  if (action.detached && action.objection != nullptr) {
    return Error{ErrorKind::internal, "a detached command is asked nothing"};
  }
  if (action.detached) {
    const RunFrame frame = [&](const Frame& one) -> Result<Reply> {
      RunCommand shell{.argv = {"/bin/sh", "-c", one.script},
                       .timeout = std::chrono::ceil<std::chrono::seconds>(one.timeout),
                       .needs_network = action.needs_network};
      KONVOY_TRY(auto outcome, commands.run(shell, one.limit));
      return Reply{outcome.status, std::move(outcome.out), std::move(outcome.err),
                   outcome.truncated};
    };
    return run_detached(action, frame, live, events);
  }
  Dialogue dialogue(action.objection);
  KONVOY_TRY(auto outcome, commands.run(action, output_limit, dialogue.answers()));
  if (auto objection = dialogue.objection()) return Error{ErrorKind::run, *std::move(objection)};
  return ActionResult{
      .status = outcome.status, .out = std::move(outcome.out), .err = std::move(outcome.err)};
}

class RootTarget final : public Target {
 public:
  RootTarget(RootOptions options, RootedDirectory root)
      : options_(std::move(options)),
        live_(options_.path == "/"),
        root_(std::move(root)),
        commands_(options_, live_) {}

  [[nodiscard]] std::string name() const override {
    if (!options_.name.empty()) return options_.name;
    return live_ ? "local" : options_.path;
  }
  [[nodiscard]] bool live() const override { return live_; }

  Result<std::vector<Observation>> observe(std::span<const Probe> probes) override {
    const Observer observer{root_, commands_, accounts("/etc/passwd"), accounts("/etc/group")};
    std::vector<Observation> observations;
    observations.resize(probes.size());
    // Each command starts a process that enters the root: several at once take half the time.
    std::vector<std::size_t> commands;
    for (std::size_t i = 0; i < probes.size(); ++i) {
      const auto* command = std::get_if<CommandProbe>(&probes[i]);
      if (command != nullptr && !locks_by_process(*command)) commands.push_back(i);
      else observations[i] = std::visit(observer, probes[i]);
    }
    system::in_parallel(commands.size(), commands_at_once, [&](std::size_t i) {
      observations[commands[i]] = std::visit(observer, probes[commands[i]]);
    });
    return observations;
  }

  Result<ActionResult> perform(const Action& action, const base::EventSink& events) override {
    const Performer performer{root_, commands_, accounts("/etc/passwd"), accounts("/etc/group"),
                              live_, events};
    return std::visit(performer, action);
  }

  Result<std::unique_ptr<Stream>> connect(const Address& address) override {
    if (live_) return open_socket(address, std::chrono::seconds(15));
    return Error{ErrorKind::check, fmt::format("cannot connect to {}:{}: no system runs in '{}'",
                                               address.host, address.port, options_.path)};
  }

 private:
  [[nodiscard]] AccountNames accounts(std::string_view path) const {
    constexpr std::uint64_t most = 16U << 20U;
    return AccountNames(system::read_entry(root_, path, 0, most).value.value_or(""));
  }

  RootOptions options_;
  bool live_;
  RootedDirectory root_;
  Commands commands_;
};

}  // namespace

Result<std::unique_ptr<Target>> open_root(const RootOptions& options) {
  RootOptions used = options;
  while (used.path.size() > 1 && used.path.ends_with('/')) used.path.pop_back();
  KONVOY_TRY(auto root, RootedDirectory::open(used.path));
  return std::make_unique<RootTarget>(std::move(used), std::move(root));
}

}  // namespace konvoy::target
