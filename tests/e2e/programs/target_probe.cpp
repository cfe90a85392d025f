// One target, driven line by line, so that a test can break things between two calls.
//
//   target-probe ssh|root KEY=VALUE...     then on stdin, one call a line, words in hexadecimal:
//   stat P | stat-follow P | read P [OFFSET LIMIT] | list P | digest P | command WORDS...
//   command-environment NAME VALUE WORDS...
//   observe (stat|digest) P...             one observe() of many probes
//   write P CONTENT [mode|owner|group|follow|in-place=V...] | push LOCAL P SHA256 | remove P
//   remove-tree P | mkdir P | link P TO | own P mode owner group | rename A B
//   run WORDS... | input BYTES WORDS... | environment NAME VALUE WORDS... | timeout S WORDS...
//   asking WORDS... | detached ID WORDS... | connect HOST PORT BYTES | lock RUN | unlock RUN
// One JSON object a call comes back on stdout. Secrets come from LOGIN_PASSWORD, BECOME_PASSWORD.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "system/isolation.hpp"
#include "target/host_lock.hpp"
#include "target/root_target.hpp"
#include "target/ssh_target.hpp"

namespace {

using namespace konvoy;
using namespace konvoy::target;
using Words = std::vector<std::string>;
using Settings = std::map<std::string, std::string>;

std::string hex_field(const char* name, const std::string& bytes) {
  return fmt::format("\"{}\":\"{}\"", name, base::to_hex(bytes));
}

std::string show(const base::Error& error) {
  static constexpr const char* kinds[] = {"usage",       "input",       "check",   "run",
                                          "unreachable", "interrupted", "internal"};
  std::string notes;
  const auto& first = error.diagnostics.front();
  for (const auto& note : first.notes) {
    notes += (notes.empty() ? "" : ",") + base::json_quote(note.message);
  }
  return fmt::format(R"({{"error":"{}","message":{},"hint":{},"notes":[{}]}})",
                     kinds[static_cast<int>(error.kind)], base::json_quote(first.message),
                     base::json_quote(first.hint), notes);
}

struct ObservationText {
  std::string operator()(const StatAnswer& answer) const {
    if (!answer.stat) return R"({"stat":null})";
    const FileStat& s = *answer.stat;
    return fmt::format(
        R"({{"stat":{{"type":{},"mode":{},"uid":{},"gid":{},"owner":{},"group":{},"size":{},)"
        R"("mtime":{},"ctime":{},"inode":{},"device":{},{},"context":{}}}}})",
        static_cast<int>(s.type), s.mode, s.uid, s.gid, base::json_quote(s.owner),
        base::json_quote(s.group), s.size, s.mtime, s.ctime, s.inode, s.device,
        hex_field("link_target", s.link_target), base::json_quote(s.selinux_context));
  }
  std::string operator()(const ReadAnswer& answer) const {
    if (!answer.content) return R"({"content":null})";
    return fmt::format(R"({{{},"truncated":{}}})", hex_field("content", *answer.content),
                       answer.truncated);
  }
  std::string operator()(const ListAnswer& answer) const {
    if (!answer.names) return R"({"names":null})";
    std::string names;
    for (const auto& name : *answer.names) {
      names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", base::to_hex(name));
    }
    return fmt::format(R"({{"names":[{}]}})", names);
  }
  std::string operator()(const DigestAnswer& answer) const {
    return answer.sha256 ? fmt::format(R"({{"sha256":"{}"}})", *answer.sha256)
                         : R"({"sha256":null})";
  }
  std::string operator()(const CommandAnswer& answer) const {
    return fmt::format(R"({{"status":{},{},{}}})", answer.status, hex_field("out", answer.out),
                       hex_field("err", answer.err));
  }
  std::string operator()(const ProbeFailure& failure) const {
    return fmt::format(R"({{"failure":{}}})", base::json_quote(failure.reason));
  }
};

std::string observe(Target& target, const std::vector<Probe>& probes) {
  const auto answers = target.observe(probes);
  if (!answers) return show(answers.error());
  if (probes.size() == 1) return std::visit(ObservationText{}, answers->front());
  std::string all;
  for (const auto& answer : *answers) {
    all += (all.empty() ? "" : ",") + std::visit(ObservationText{}, answer);
  }
  return fmt::format(R"({{"answers":[{}]}})", all);
}

std::string perform(Target& target, const Action& action) {
  std::uint64_t events = 0;
  const auto result = target.perform(action, [&](const base::Event&) { ++events; });
  if (!result) return show(result.error());
  return fmt::format(R"({{"status":{},{},{},"interrupted":{},"events":{}}})", result->status,
                     hex_field("out", result->out), hex_field("err", result->err),
                     result->interrupted, events);
}

std::string connect(Target& target, const Words& words) {
  auto stream = target.connect({words.at(1), static_cast<std::uint16_t>(std::stoi(words.at(2)))});
  if (!stream) return show(stream.error());
  if (auto written = (*stream)->write(words.at(3)); !written) return show(written.error());
  const auto bytes = (*stream)->read(4096, std::chrono::seconds(10));
  if (!bytes) return show(bytes.error());
  return fmt::format("{{{}}}", hex_field("content", *bytes));
}

Ownership ownership_of(const Words& words, std::size_t from, WriteFile* file = nullptr) {
  Ownership ownership;
  for (std::size_t i = from; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    const std::string key = words[i].substr(0, equals);
    const std::string value = words[i].substr(equals + 1);
    if (key == "mode") ownership.mode = std::stoul(value, nullptr, 8);
    if (key == "owner") ownership.owner = value;
    if (key == "group") ownership.group = value;
    if (key == "follow" && file != nullptr) file->follow_link = true;
    if (key == "in-place" && file != nullptr) file->in_place = true;
  }
  return ownership;
}

std::optional<base::Diagnostic> object_to_removal(std::string_view output) {
  if (output.find("Removing") == std::string_view::npos) return std::nullopt;
  return base::Diagnostic{.message = "it would remove something"};
}

std::string run(Target& target, const Words& words, std::size_t from, RunCommand command) {
  command.argv.assign(words.begin() + static_cast<std::ptrdiff_t>(from), words.end());
  return perform(target, command);
}

std::string call_probe(Target& target, const Words& words) {
  const std::string& verb = words[0];
  if (verb == "stat") return observe(target, {StatProbe{.path = words.at(1)}});
  if (verb == "stat-follow") {
    return observe(target, {StatProbe{.path = words.at(1), .follow = true}});
  }
  if (verb == "read") {
    ReadProbe probe{.path = words.at(1)};
    if (words.size() > 3) {
      probe.offset = std::stoull(words[2]);
      probe.limit = std::stoull(words[3]);
    }
    return observe(target, {probe});
  }
  if (verb == "list") return observe(target, {ListProbe{words.at(1)}});
  if (verb == "digest") return observe(target, {DigestProbe{words.at(1)}});
  if (verb == "command")
    return observe(target, {CommandProbe{.argv = {words.begin() + 1, words.end()}}});
  if (verb == "command-environment") {
    return observe(target,
                   {CommandProbe{.argv = {words.begin() + 3, words.end()},
                                 .environment = {{words.at(1), base::Secret(words.at(2))}}}});
  }
  std::vector<Probe> probes;
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (words[1] != "digest") probes.emplace_back(StatProbe{.path = words[i]});
    if (words[1] != "stat") probes.emplace_back(DigestProbe{words[i]});
  }
  return observe(target, probes);
}

std::string call_action(Target& target, const Words& words) {
  const std::string& verb = words[0];
  if (verb == "write") {
    WriteFile file{.path = words.at(1), .content = base::Secret(words.at(2))};
    file.ownership = ownership_of(words, 3, &file);
    return perform(target, file);
  }
  if (verb == "push") return perform(target, PushFile{words.at(1), words.at(2), words.at(3), {}});
  if (verb == "remove") return perform(target, Remove{.path = words.at(1)});
  if (verb == "remove-tree") return perform(target, Remove{words.at(1), true});
  if (verb == "mkdir") {
    return perform(target, MakeDirectory{words.at(1), ownership_of(words, 2)});
  }
  if (verb == "link") return perform(target, MakeLink{words.at(1), words.at(2)});
  if (verb == "own") return perform(target, SetOwnership{words.at(1), ownership_of(words, 2)});
  if (verb == "rename") return perform(target, Rename{words.at(1), words.at(2)});
  if (verb == "run") return run(target, words, 1, {});
  if (verb == "input") return run(target, words, 2, {.input = base::Secret(words.at(1))});
  if (verb == "timeout") {
    return run(target, words, 2, {.timeout = std::chrono::seconds(std::stoi(words.at(1)))});
  }
  if (verb == "environment") {
    return run(target, words, 3, {.environment = {{words.at(1), base::Secret(words.at(2))}}});
  }
  if (verb == "asking") return run(target, words, 1, {.objection = object_to_removal});
  if (verb == "network") return run(target, words, 1, {.needs_network = true});
  if (verb == "detached") return run(target, words, 2, {.detached = true, .id = words.at(1)});
  if (verb == "connect") return connect(target, words);
  if (verb == "lock" || verb == "unlock") {
    const LockHolder holder = this_process(words.at(1));
    const auto done = verb == "lock" ? lock_host(target, holder, {}) : unlock_host(target, holder);
    return done ? R"({"done":true})" : show(done.error());
  }
  return R"({"error":"usage"})";
}

std::string call(Target& target, const std::string& line) {
  Words words;
  for (const auto& word : base::split(line, ' ')) {
    words.push_back(base::from_hex(word).value_or("?"));
  }
  static const std::vector<std::string> probes{
      "stat", "stat-follow", "read", "list", "digest", "command", "observe", "command-environment"};
  const bool probe = std::find(probes.begin(), probes.end(), words[0]) != probes.end();
  return probe ? call_probe(target, words) : call_action(target, words);
}

base::Secret secret(const char* name) {
  const char* value = std::getenv(name);
  return base::Secret(value != nullptr ? value : "");
}

base::Result<std::unique_ptr<Target>> open(const std::string& kind, Settings& settings) {
  if (kind == "root") {
    return open_root({.path = settings["path"], .offline = settings.contains("offline")});
  }
  SshOptions options{.host = settings["host"],
                     .user = settings["user"],
                     .key_file = settings["key"],
                     .config_file = settings["config"],
                     .known_hosts = settings["known_hosts"],
                     .proxy_jump = settings["jump"],
                     .password = secret("LOGIN_PASSWORD"),
                     .accept_new = settings.contains("accept_new"),
                     .fips_algorithms = settings.contains("fips")};
  if (settings.contains("become")) {
    options.become = Become{settings["become"], secret("BECOME_PASSWORD")};
  }
  if (settings.contains("connect_timeout")) {
    options.connect_timeout = std::chrono::seconds(std::stoi(settings["connect_timeout"]));
  }
  return connect_ssh(std::move(options));
}

}  // namespace

int main(int argc, char** argv) {
  if (const auto status = system::enter_root_if_asked(argc, argv)) return *status;
  if (argc < 2) return 2;
  Settings settings;
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    settings[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  }
  const auto target = open(argv[1], settings);
  if (!target) {
    std::cout << show(target.error()) << std::endl;
    return 1;
  }
  std::cout << R"({"ready":true})" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << call(**target, line) << std::endl;
  }
  return 0;
}
