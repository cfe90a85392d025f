#include "resource/cloud_init.hpp"

#include "resource/file.hpp"
#include "resource/inquiry.hpp"
#include "resource/text_setting.hpp"

namespace konvoy::resource {
namespace {

constexpr std::string_view flag = "ERROR_ON_USER_DATA_FAILURE";

}  // namespace

Decision decide(const TolerantUserData& wanted, const facts::HostFacts& facts,
                const Observations& seen) {
  const auto features = wanted.module_directory + "/features.py";
  const auto line = std::string(flag) + " = False";
  Inquiry ask(seen);
  const auto* text = ask.read({.path = features});
  if (auto open = ask.open()) return *std::move(open);
  if (!text->content || text->content->find(flag) == std::string::npos) return Actions{};
  if (text->content->find("feature_overrides") != std::string::npos) {
    return decide(
        File{.path = wanted.module_directory + "/feature_overrides.py",
             .content = "# Written by konvoy-image; changes are replaced.\n" + line + "\n",
             .ownership = {.mode = 0644}},
        facts, seen);
  }
  return decide(Line{.path = features, .line = line, .instead_of = std::string(flag)}, facts, seen);
}

Resource as_resource(TolerantUserData wanted) {
  return wrap("cloud-init", "tolerant of user data", std::move(wanted));
}

}  // namespace konvoy::resource
