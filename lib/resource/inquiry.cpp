#include "resource/inquiry.hpp"

#include "base/text.hpp"
#include "target/action.hpp"

namespace konvoy::resource {

template <class Answer>
const Answer* Inquiry::look_up(target::Probe probe) {
  const auto* observation = seen_->find(probe);
  if (observation == nullptr) {
    missing_.push_back(std::move(probe));
    return nullptr;
  }
  if (const auto* failed = std::get_if<target::ProbeFailure>(observation)) {
    if (!failure_) {
      failure_ = base::Diagnostic{.message = "can't " + describe(probe) + ": " + failed->reason};
    }
    return nullptr;
  }
  return std::get_if<Answer>(observation);
}

const target::StatAnswer* Inquiry::stat(target::StatProbe probe) {
  return look_up<target::StatAnswer>(std::move(probe));
}
const target::ReadAnswer* Inquiry::read(target::ReadProbe probe) {
  return look_up<target::ReadAnswer>(std::move(probe));
}
const target::ListAnswer* Inquiry::list(target::ListProbe probe) {
  return look_up<target::ListAnswer>(std::move(probe));
}
const target::DigestAnswer* Inquiry::digest(target::DigestProbe probe) {
  return look_up<target::DigestAnswer>(std::move(probe));
}
const target::CommandAnswer* Inquiry::command(target::CommandProbe probe) {
  return look_up<target::CommandAnswer>(std::move(probe));
}

std::optional<Decision> Inquiry::open() const {
  if (failure_) return Refusal{*failure_};
  if (!missing_.empty()) return NeedMore{missing_};
  return std::nullopt;
}

std::string describe(const target::Probe& probe) {
  struct Describer {
    std::string operator()(const target::StatProbe& p) const { return "look at " + p.path; }
    std::string operator()(const target::ReadProbe& p) const { return "read " + p.path; }
    std::string operator()(const target::ListProbe& p) const { return "list " + p.path; }
    std::string operator()(const target::DigestProbe& p) const { return "read " + p.path; }
    std::string operator()(const target::CommandProbe& p) const {
      return target::describe(target::RunCommand{.argv = p.argv});
    }
  };
  return std::visit(Describer{}, probe);
}

Refusal refuse(std::string message, std::string hint) {
  return {{.message = std::move(message), .hint = std::move(hint)}};
}

}  // namespace konvoy::resource
