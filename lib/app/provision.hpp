// `konvoy-image provision` and `plan`: a configuration brought about on many machines.
#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "app/hosts.hpp"
#include "base/event.hpp"
#include "base/result.hpp"
#include "execute/run_host.hpp"
#include "facts/host_facts.hpp"
#include "plan/selection.hpp"
#include "record/record.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// The resolved configuration for one machine, whose facts its templates may use.
using ConfigurationFor =
    std::function<base::Result<value::Value>(const ChosenHost&, const facts::HostFacts&)>;

struct ProvisionRequest {
  bool only_plan = false;         ///< look, change nothing
  bool disposable_roots = false;  ///< the hosts are roots that are thrown away when a step fails
  std::string image;              ///< as the user named it; for the record
  std::vector<ChosenHost> hosts;
  plan::Selection selection;
  std::set<std::string> accepted_risks;  ///< of FIPS mode
  bool reboot = false;                   ///< hosts that need it, also where fips.reboot is off
  std::size_t max_unavailable = 1;       ///< hosts that are down for a reboot at once
  std::chrono::seconds reboot_limit{900};
  std::size_t at_once = 10;    ///< hosts side by side
  std::string work_directory;  ///< is there; takes record.json and the logs
  std::string cache;           ///< directory of what is fetched for machines
  bool strict = false;         ///< refuse what is fetched without a known digest
  std::vector<record::Input> inputs;
  std::string tool_version;
};

/// The world around a run.
struct ProvisionServices {
  OpenTarget open;
  ConfigurationFor configure;
  base::EventSink events;                         ///< called from several threads
  std::function<void(const base::Secret&)> hide;  ///< told every secret as soon as it is known
  /// What is done to a machine after its plan, before it is looked at what it has become; may be
  /// empty. The facts are those from before the plan.
  std::function<base::Result<void>(target::Target&, const facts::HostFacts&,
                                   const ProvisionServices&)>
      complete;
  const execute::StopRequest* stop = nullptr;
  system::Clock* clock = &system::real_clock();
};

/// Plans or provisions all hosts; one that fails does not stop the others. Unless it only plans,
/// the record is written to WORK_DIRECTORY/record.json, and on each host to
/// /var/lib/konvoy-image/record.json. Errors: the work directory can't be written.
[[nodiscard]] base::Result<record::Record> provision(const ProvisionRequest& request,
                                                     const ProvisionServices& services);

/// The hosts of `request` that did not finish in the run that wrote `record` (a record.json).
[[nodiscard]] std::vector<ChosenHost> unfinished(const std::vector<ChosenHost>& hosts,
                                                 const value::Value& record);

}  // namespace konvoy::app
