#include "miniature/miniature.hpp"

#include <fmt/format.h>

#include "base/embedded.hpp"
#include "base/text.hpp"
#include "system/file.hpp"
#include "system/process.hpp"

namespace konvoy::miniature {

KONVOY_EMBEDDED(miniature_data_make_root_sh);
KONVOY_EMBEDDED(miniature_data_main_go);

base::Result<void> make_root(const std::string& directory,
                             const std::vector<RepositoryPackage>& packages,
                             const base::EventSink& events) {
  KONVOY_TRY(const auto scratch, system::TemporaryDirectory::make("konvoy-miniature"));
  KONVOY_CHECK(system::write_file(scratch.path() + "/make-root.sh", miniature_data_make_root_sh()));
  KONVOY_CHECK(system::write_file(scratch.path() + "/main.go", miniature_data_main_go()));
  std::string list;
  for (const auto& package : packages)
    list += fmt::format("{} {}\n", package.name, package.version);
  KONVOY_CHECK(system::write_file(scratch.path() + "/packages", list));
  const auto tell = [&](std::string_view text) {
    if (!events) return;
    for (const auto& line : base::split_lines(text)) {
      events({.kind = base::Event::Kind::message,
              .subject = "miniature root",
              .step = "make",
              .detail = line});
    }
  };
  auto made = system::run_checked(
      {.argv = {"bash", scratch.path() + "/make-root.sh", directory, scratch.path() + "/packages"},
       .on_err = tell});
  if (made) return {};
  return std::move(made).error().with_note("while making the miniature root");
}

}  // namespace konvoy::miniature
