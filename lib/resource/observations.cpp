#include <algorithm>
#include <utility>

#include "resource/resource.hpp"

namespace konvoy::resource {
namespace {

template <class Answer>
const Answer* answer_of(const target::Observation* observation) {
  return observation == nullptr ? nullptr : std::get_if<Answer>(observation);
}

}  // namespace

void Observations::add(target::Probe probe, target::Observation observation) {
  answers_.emplace_back(std::move(probe), std::move(observation));
}

const target::Observation* Observations::find(const target::Probe& probe) const {
  const auto found =
      std::ranges::find(answers_, probe, &std::pair<target::Probe, target::Observation>::first);
  return found == answers_.end() ? nullptr : &found->second;
}

const target::StatAnswer* Observations::stat(const target::StatProbe& probe) const {
  return answer_of<target::StatAnswer>(find(probe));
}
const target::ReadAnswer* Observations::read(const target::ReadProbe& probe) const {
  return answer_of<target::ReadAnswer>(find(probe));
}
const target::ListAnswer* Observations::list(const target::ListProbe& probe) const {
  return answer_of<target::ListAnswer>(find(probe));
}
const target::DigestAnswer* Observations::digest(const target::DigestProbe& probe) const {
  return answer_of<target::DigestAnswer>(find(probe));
}
const target::CommandAnswer* Observations::command(const target::CommandProbe& probe) const {
  return answer_of<target::CommandAnswer>(find(probe));
}

std::optional<std::pair<target::Probe, std::string>> Observations::failure() const {
  for (const auto& [probe, observation] : answers_) {
    if (const auto* failed = std::get_if<target::ProbeFailure>(&observation)) {
      return std::pair(probe, failed->reason);
    }
  }
  return std::nullopt;
}

}  // namespace konvoy::resource
