#include "facts/gather.hpp"

#include <array>
#include <utility>
#include <vector>

#include "facts/answers.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

std::array<Family, 9> all_families() {
  return {distribution_family(), kernel_family(),   mount_family(),
          boot_family(),         hardware_family(), security_family(),
          package_family(),      system_family(),   network_family()};
}

base::Result<void> ask(target::Target& target, const std::vector<target::Probe>& probes,
                       Answers& answers) {
  if (probes.empty()) return {};
  KONVOY_TRY(auto observations, target.observe(probes));
  if (observations.size() != probes.size()) {
    return base::Error(base::ErrorKind::internal, target.name() + " left probes without an answer");
  }
  answers.add(probes, std::move(observations));
  return {};
}

}  // namespace

base::Result<HostFacts> gather(target::Target& target) {
  const auto families = all_families();
  HostFacts facts{.live = target.live()};
  Answers answers;

  std::vector<target::Probe> first;
  for (const auto& family : families) {
    for (auto& probe : family.probes(facts.live)) first.push_back(std::move(probe));
  }
  KONVOY_CHECK(ask(target, first, answers));

  std::vector<target::Probe> second;
  for (const auto& family : families) {
    if (family.more_probes == nullptr) continue;
    for (auto& probe : family.more_probes(answers)) second.push_back(std::move(probe));
  }
  KONVOY_CHECK(ask(target, second, answers));

  facts.unread = answers.unread();
  for (const auto& family : families) family.parse(answers, facts);
  return facts;
}

}  // namespace konvoy::facts
