#include "image/root_result.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "crypto/digest.hpp"
#include "image/blob.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "system/process.hpp"

namespace konvoy::image {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::array<std::pair<std::string_view, ResultForm>, 6> forms = {
    {{"tar", ResultForm::tar},
     {"tar.gz", ResultForm::tar_gz},
     {"tar.xz", ResultForm::tar_xz},
     {"tar.zst", ResultForm::tar_zst},
     {"directory", ResultForm::directory},
     {"oci", ResultForm::oci_layout}}};

// The compressors' own switches for output that depends on nothing but the input.
std::vector<std::string> compressor(ResultForm form, const std::string& file) {
  switch (form) {
    case ResultForm::tar_gz: return {"gzip", "--no-name", "--force", file};
    case ResultForm::tar_xz: return {"xz", "--force", "--threads=2", file};
    case ResultForm::tar_zst: return {"zstd", "--quiet", "--force", "--rm", file};
    case ResultForm::tar:
    case ResultForm::directory:
    case ResultForm::oci_layout: break;
  }
  return {};
}

std::string_view compressed_suffix(ResultForm form) {
  switch (form) {
    case ResultForm::tar_gz: return ".gz";
    case ResultForm::tar_xz: return ".xz";
    case ResultForm::tar_zst: return ".zst";
    case ResultForm::tar:
    case ResultForm::directory:
    case ResultForm::oci_layout: break;
  }
  return "";
}

// GNU tar's recipe for the same bytes from the same files (its manual, "Reproducible Archives").
// `file` may be "-": to stdout.
system::Command pack_command(const std::string& directory, const std::string& file,
                             std::int64_t epoch) {
  return {.argv = {"tar", "--sort=name", "--format=posix",
                   "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
                   fmt::format("--mtime=@{}", epoch), "--clamp-mtime", "--numeric-owner",
                   "--xattrs", "--xattrs-include=*", "--acls", "-C", directory, "-cf", file, "."}};
}

// The digest of an archive that nobody needs.
base::Result<std::string> packed_digest(const std::string& directory, std::int64_t epoch) {
  KONVOY_TRY(auto digest, crypto::Digest::start(crypto::DigestAlgorithm::sha256));
  auto command = pack_command(directory, "-", epoch);
  command.output_limit = 0;  // it is as large as the root
  base::Result<void> fed;
  command.on_out = [&](std::string_view bytes) {
    if (fed) fed = digest.update(bytes);
  };
  KONVOY_CHECK(system::run_checked(command));
  KONVOY_CHECK(std::move(fed));
  KONVOY_TRY(const auto bytes, digest.finish());
  return digest_name(bytes);
}

bool clamp_time(const std::string& path, std::int64_t epoch) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return false;
  const auto& time = about.st_mtim;
  if (time.tv_sec < epoch || (time.tv_sec == epoch && time.tv_nsec == 0)) return true;
  const timespec clamped{.tv_sec = epoch, .tv_nsec = 0};
  const std::array<timespec, 2> times{clamped, clamped};
  return ::utimensat(AT_FDCWD, path.c_str(), times.data(), AT_SYMLINK_NOFOLLOW) == 0;
}

// As tar does with --clamp-mtime: no file of the directory is newer than the epoch.
base::Result<void> clamp_times(const std::string& directory, std::int64_t epoch) {
  std::error_code failed;
  bool done = clamp_time(directory, epoch);
  auto entry = std::filesystem::recursive_directory_iterator(directory, failed);
  for (; done && !failed && entry != end(entry); entry.increment(failed)) {
    done = clamp_time(entry->path(), epoch);
  }
  if (done && !failed) return {};
  return system::system_error(ErrorKind::run, "set the times in", directory,
                              failed ? failed.value() : errno);
}

// Puts what stands at `from` in the place of what stands at `to`.
base::Result<void> put_in_place(const std::string& from, const std::string& to) {
  KONVOY_CHECK(system::remove_tree(to));
  if (std::rename(from.c_str(), to.c_str()) == 0) return {};
  return Error(ErrorKind::run, fmt::format("'{}' can't be moved to '{}'", from, to));
}

}  // namespace

base::Result<ResultForm> result_form_named(std::string_view name) {
  for (const auto& [known, form] : forms) {
    if (known == name) return form;
  }
  return Error(ErrorKind::input, fmt::format("there is no result format '{}'", name),
               "result.format is tar, tar.gz, tar.xz, tar.zst, directory or oci");
}

std::string_view suffix_of(ResultForm form) {
  switch (form) {
    case ResultForm::tar: return ".tar";
    case ResultForm::tar_gz: return ".tar.gz";
    case ResultForm::tar_xz: return ".tar.xz";
    case ResultForm::tar_zst: return ".tar.zst";
    case ResultForm::directory:
    case ResultForm::oci_layout: break;
  }
  return "";
}

base::Result<WrittenResult> write_result(const std::string& directory, const std::string& path,
                                         const ResultSettings& settings) {
  const auto slash = path.rfind('/');
  const auto parent = slash == std::string::npos ? std::string(".") : path.substr(0, slash);
  KONVOY_CHECK(system::make_directories(parent));
  WrittenResult written{.path = path, .content_digest = {}};
  if (settings.form == ResultForm::directory) {
    KONVOY_TRY(written.content_digest, packed_digest(directory, settings.epoch));
    KONVOY_CHECK(clamp_times(directory, settings.epoch));
    KONVOY_CHECK(put_in_place(directory, path));
    return written;
  }
  const auto unfinished = directory + ".result";
  KONVOY_CHECK(system::run_checked(pack_command(directory, unfinished, settings.epoch)));
  KONVOY_TRY(auto blob, blob_of(unfinished));
  written.content_digest = std::move(blob.digest);
  if (settings.form == ResultForm::oci_layout) {
    const auto layout = unfinished + ".oci";
    KONVOY_CHECK(write_oci_layout(layout, unfinished, settings.oci));
    KONVOY_CHECK(put_in_place(layout, path));
    return written;
  }
  if (const auto argv = compressor(settings.form, unfinished); !argv.empty()) {
    KONVOY_CHECK(system::run_checked({.argv = argv}));
  }
  KONVOY_CHECK(put_in_place(unfinished + std::string(compressed_suffix(settings.form)), path));
  return written;
}

}  // namespace konvoy::image
