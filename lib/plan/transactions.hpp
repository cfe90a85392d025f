// Packages that different steps want: looked at and installed together.
#pragma once

#include "facts/host_facts.hpp"
#include "plan/spec.hpp"
#include "plan/step.hpp"

namespace konvoy::plan {

/// The step that join_packages() makes.
inline constexpr auto joined_packages = "packages/all";

/// Makes one step of all that only install packages (Step::packages), in the place of the first:
/// each transaction costs a package manager two starts. A set stays on its own when it comes after
/// a step that the first does not come after, such as its repository, or when its packages come
/// from elsewhere. Steps that came after a joined one come after the new one.
[[nodiscard]] Plan join_packages(Plan plan);

/// For a root that is thrown away when a step fails: packages are installed without a trial
/// (PackageSet::tried_first), and repositories that do not answer are looked for only when that
/// fails. This leaves one start of the package manager of three.
[[nodiscard]] Plan without_trials(Plan plan);

/// On a machine that runs in FIPS mode: with a step that looks at all packages of `plan`
/// (resource::PackageLook), so that what can't be installed there is found before anything changes.
/// Only what must be there to look at them comes before it: the files of a package bundle, and a
/// registration with Red Hat.
[[nodiscard]] Plan look_before_packages(Plan plan, const Spec& spec, const facts::HostFacts& facts);

}  // namespace konvoy::plan
