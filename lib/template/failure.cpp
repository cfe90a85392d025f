#include "template/failure.hpp"

#include <utility>

namespace konvoy::templates {

std::string name_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::undefined: return "undefined";
    case FailureKind::syntax: return "syntax";
    case FailureKind::unknown_name: return "nofilter";
    case FailureKind::recursion: return "recursion";
    case FailureKind::runtime:
    case FailureKind::limit:
    case FailureKind::unsupported: break;
  }
  return "runtime";
}

Failure::Failure(FailureKind kind, std::string message, std::string hint)
    : state_(std::make_shared<State>(
          State{.kind = kind,
                .diagnostic = {.message = std::move(message), .hint = std::move(hint)},
                .missing_name = {},
                .region = {}})) {}

Failure Failure::at(Region region) const {
  return state_->has_region ? *this : moved(region);
}

Failure Failure::moved(Region region) const {
  auto state = std::make_shared<State>(*state_);
  state->region = region;
  state->has_region = true;
  return Failure(std::move(state));
}

Failure Failure::without_region() const {
  auto state = std::make_shared<State>(*state_);
  state->has_region = false;
  return Failure(std::move(state));
}

Failure Failure::with_missing_name(std::string name) const {
  auto state = std::make_shared<State>(*state_);
  state->missing_name = std::move(name);
  return Failure(std::move(state));
}

Failure Failure::with(base::Diagnostic diagnostic) const {
  auto state = std::make_shared<State>(*state_);
  state->diagnostic = std::move(diagnostic);
  return Failure(std::move(state));
}

base::Error Failure::to_error() const {
  return {base::ErrorKind::input, state_->diagnostic};
}

Failure misuse(std::string message, std::string hint) {
  return {FailureKind::runtime, std::move(message), std::move(hint)};
}

}  // namespace konvoy::templates
