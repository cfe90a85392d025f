#include "facts/answers.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"

namespace konvoy::facts {
namespace {

std::string subject_of(const target::Probe& probe) {
  return std::visit(
      [](const auto& asked) -> std::string {
        if constexpr (requires { asked.path; }) {
          return asked.path;
        } else {
          return base::join(asked.argv, " ");
        }
      },
      probe);
}

}  // namespace

void Answers::add(const std::vector<target::Probe>& probes,
                  std::vector<target::Observation> observations) {
  for (std::size_t i = 0; i < probes.size() && i < observations.size(); ++i) {
    asked_.push_back({probes[i], std::move(observations[i])});
  }
}

template <class Probe, class Answer>
const Answer* Answers::find(std::string_view path) const {
  for (const auto& [probe, observation] : asked_) {
    const auto* asked = std::get_if<Probe>(&probe);
    if (asked != nullptr && asked->path == path) return std::get_if<Answer>(&observation);
  }
  return nullptr;
}

std::optional<std::string_view> Answers::text(std::string_view path) const {
  const auto* answer = find<target::ReadProbe, target::ReadAnswer>(path);
  if (answer == nullptr || !answer->content) return std::nullopt;
  return *answer->content;
}

std::string Answers::line(std::string_view path) const {
  const auto content = text(path).value_or("");
  return std::string(base::trim(content.substr(0, content.find('\n'))));
}

const target::FileStat* Answers::stat(std::string_view path) const {
  const auto* answer = find<target::StatProbe, target::StatAnswer>(path);
  return answer != nullptr && answer->stat ? &*answer->stat : nullptr;
}

std::vector<std::string> Answers::names(std::string_view path) const {
  const auto* answer = find<target::ListProbe, target::ListAnswer>(path);
  return answer != nullptr && answer->names ? *answer->names : std::vector<std::string>{};
}

const target::CommandAnswer* Answers::find(const std::vector<std::string>& argv) const {
  for (const auto& [probe, observation] : asked_) {
    const auto* asked = std::get_if<target::CommandProbe>(&probe);
    if (asked != nullptr && asked->argv == argv) {
      return std::get_if<target::CommandAnswer>(&observation);
    }
  }
  return nullptr;
}

std::string_view Answers::output(const std::vector<std::string>& argv, bool whatever_status) const {
  const auto* answer = find(argv);
  if (answer == nullptr || (answer->status != 0 && !whatever_status)) return {};
  return answer->out;
}

int Answers::status(const std::vector<std::string>& argv) const {
  constexpr int not_there = 127;
  const auto* answer = find(argv);
  return answer == nullptr ? not_there : answer->status;
}

std::vector<std::string> Answers::unread() const {
  std::vector<std::string> all;
  for (const auto& [probe, observation] : asked_) {
    if (const auto* failure = std::get_if<target::ProbeFailure>(&observation)) {
      all.push_back(fmt::format("{}: {}", subject_of(probe), failure->reason));
    }
  }
  return all;
}

}  // namespace konvoy::facts
