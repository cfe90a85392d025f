#include "support/fake_target.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "support/fake_target_internal.hpp"

namespace konvoy::test {

using base::Result;
using target::FileType;

namespace {

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

// What was sent is dropped; one scripted answer comes back, then the end.
class ScriptedStream final : public target::Stream {
 public:
  explicit ScriptedStream(std::string answer) : answer_(std::move(answer)) {}
  Result<std::string> read(std::size_t limit, std::chrono::milliseconds /*timeout*/) override {
    std::string piece = answer_.substr(0, limit);
    answer_.erase(0, piece.size());
    return piece;
  }
  Result<void> write(std::string_view /*bytes*/) override { return {}; }

 private:
  std::string answer_;
};

}  // namespace

FakeTarget::FakeTarget(std::string name, bool live) : name_(std::move(name)), live_(live) {
  put("/", {.type = FileType::directory, .mode = 0755});
}

void FakeTarget::add_file(const std::string& path, std::string content, std::uint32_t mode) {
  add_directory(parent_of(path));
  put(path, {.content = std::move(content), .mode = mode});
}

void FakeTarget::add_directory(const std::string& path, std::uint32_t mode) {
  if (find(path, true) != nullptr) return;
  add_directory(parent_of(path));
  put(path, {.type = FileType::directory, .mode = mode});
}

void FakeTarget::add_link(const std::string& path, std::string to) {
  add_directory(parent_of(path));
  put(path, {.type = FileType::link, .content = std::move(to), .mode = 0777});
}

FakeTarget::Node* FakeTarget::node(const std::string& path) {
  const auto found = tree_.find(resolve(path, false).value_or(""));
  return found == tree_.end() ? nullptr : &found->second;
}

std::optional<std::string> FakeTarget::content(const std::string& path) const {
  const Node* found = find(path, true);
  if (found == nullptr || found->type != FileType::regular) return std::nullopt;
  return found->content;
}

void FakeTarget::on_command(std::string pattern, target::CommandAnswer answer) {
  on_command(std::move(pattern),
             [answer = std::move(answer)](FakeTarget&, const auto&) { return answer; });
}

void FakeTarget::add_script(std::string pattern, Script script) {
  scripts_.emplace_back(std::move(pattern), std::move(script));
}

void FakeTarget::refuse(const std::string& path, std::string reason) {
  refused_[path] = std::move(reason);
}

void FakeTarget::fail(base::Error error, int after, int count) {
  failure_ = Failure{std::move(error), after, count};
}

void FakeTarget::on_connect(const target::Address& address, std::string answer) {
  connections_.emplace_back(address, std::move(answer));
}

std::vector<std::string> FakeTarget::performed_text() const {
  std::vector<std::string> texts;
  for (const auto& action : performed) texts.push_back(target::describe(action));
  return texts;
}

std::optional<std::string> FakeTarget::resolve(const std::string& path, bool follow_last) const {
  std::vector<std::string> rest = base::split(path, '/');
  std::ranges::reverse(rest);
  std::string at;
  for (int links = 0; !rest.empty();) {
    const std::string part = std::move(rest.back());
    rest.pop_back();
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      at = at.substr(0, at.empty() ? 0 : at.rfind('/'));
      continue;
    }
    const auto found = tree_.find(fmt::format("{}/{}", at, part));
    const bool last = std::ranges::all_of(rest, [](const auto& word) { return word.empty(); });
    if (found == tree_.end()) {
      if (!last) return std::nullopt;
    } else if (found->second.type == FileType::link && (!last || follow_last)) {
      if (++links > 40) return std::nullopt;  // as the kernel: MAXSYMLINKS
      const std::string& to = found->second.content;
      if (to.starts_with('/')) at.clear();
      auto parts = base::split(to, '/');
      rest.insert(rest.end(), parts.rbegin(), parts.rend());
      continue;
    } else if (!last && found->second.type != FileType::directory) {
      return std::nullopt;
    }
    at += "/" + part;
  }
  return at.empty() ? "/" : at;
}

const FakeTarget::Node* FakeTarget::find(const std::string& path, bool follow) const {
  const auto found = tree_.find(resolve(path, follow).value_or(""));
  return found == tree_.end() ? nullptr : &found->second;
}

FakeTarget::Node& FakeTarget::put(const std::string& path, Node node) {
  node.inode = ++inodes_;
  node.mtime = node.ctime = ++changes_;
  return tree_[resolve(path, false).value_or(path)] = std::move(node);
}

target::CommandAnswer FakeTarget::answer(const target::RunCommand& command) {
  const std::string words = base::join(command.argv, " ");
  for (std::size_t i = scripts_.size(); i > 0; --i) {
    if (base::matches_glob(words, scripts_[i - 1].first)) {
      const Script script = scripts_[i - 1].second;  // it may add scripts itself
      return script(*this, command);
    }
  }
  return {.status = 127, .err = fmt::format("nothing was scripted for: {}\n", words)};
}

std::optional<base::Error> FakeTarget::due_failure() {
  if (!failure_) return std::nullopt;
  if (failure_->after-- > 0) return std::nullopt;
  base::Error error = failure_->error;
  if (--failure_->count <= 0) failure_.reset();
  return error;
}

Result<std::vector<target::Observation>> FakeTarget::observe(
    std::span<const target::Probe> probes) {
  observed.emplace_back(probes.begin(), probes.end());
  if (auto error = due_failure()) return *std::move(error);
  std::vector<target::Observation> answers;
  for (const auto& probe : probes) answers.push_back(std::visit(FakeObserver{*this}, probe));
  return answers;
}

Result<target::ActionResult> FakeTarget::perform(const target::Action& action,
                                                 const base::EventSink& /*events*/) {
  performed.push_back(action);
  if (auto error = due_failure()) return *std::move(error);
  return std::visit(FakePerformer{*this}, action);
}

Result<std::unique_ptr<target::Stream>> FakeTarget::connect(const target::Address& address) {
  if (auto error = due_failure()) return *std::move(error);
  for (const auto& [known, answer] : connections_) {
    if (known == address) return std::make_unique<ScriptedStream>(answer);
  }
  return base::Error{base::ErrorKind::check, fmt::format("cannot connect to {}:{}: connection "
                                                         "refused",
                                                         address.host, address.port)};
}

}  // namespace konvoy::test
