// The other half of probe_frames.hpp: what stat, head, sha256sum and the shell's globs said.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "target/probe_frames.hpp"

namespace konvoy::target {
namespace {

// "Permission denied" in our style.
std::string in_our_style(std::string_view reason) {
  std::string text(base::trim(reason));
  if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

bool means_absent(std::string_view reason) {
  return reason == "no such file or directory" || reason == "not a directory";
}

// Why `path` got no answer, from messages like "stat: cannot stat '/x': Permission denied". A path
// that is not plain is quoted in ways of its own, but then every message is about it.
std::string reason_for(std::string_view errors, const std::string& path) {
  const bool any = !is_plain_path(path);
  for (const auto& line : base::split_lines(errors)) {
    const auto at = line.find(path);
    const bool whole =
        at != std::string::npos && at > 0 &&
        std::string_view(" '`\"/.").find(line[at - 1]) != std::string_view::npos &&
        at + path.size() < line.size() &&
        std::string_view("':\" ").find(line[at + path.size()]) != std::string_view::npos;
    const auto colon = line.rfind(": ");
    if ((any || whole) && colon != std::string::npos) return in_our_style(line.substr(colon + 2));
  }
  return "the target gave no answer";
}

template <class Answer>
Observation absent_or_failed(std::string_view errors, const std::string& path) {
  const std::string reason = reason_for(errors, path);
  if (means_absent(reason)) return Answer{};
  return ProbeFailure{reason};
}

template <class Number>
bool parse_number(std::string_view text, Number& number, int numeral_base = 10) {
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, numeral_base);
  return error == std::errc() && end == text.data() + text.size();
}

FileType type_of(std::uint32_t mode) {
  switch (mode & 0170000U) {  // S_IFMT and its values: inode(7)
    case 0100000U: return FileType::regular;
    case 0040000U: return FileType::directory;
    case 0120000U: return FileType::link;
    default: return FileType::other;
  }
}

// The fields before the name: "%f/%u/%g/%s/%Y/%Z/%i/%d/%U/%G/%C".
std::optional<FileStat> parse_stat(std::string_view text) {
  const auto fields = base::split(text, '/');
  constexpr std::size_t count = 11;
  FileStat stat;
  std::uint32_t mode = 0;
  if (fields.size() != count || !parse_number(fields[0], mode, 16) ||
      !parse_number(fields[1], stat.uid) || !parse_number(fields[2], stat.gid) ||
      !parse_number(fields[3], stat.size) || !parse_number(fields[4], stat.mtime) ||
      !parse_number(fields[5], stat.ctime) || !parse_number(fields[6], stat.inode) ||
      !parse_number(fields[7], stat.device)) {
    return std::nullopt;
  }
  stat.type = type_of(mode);
  stat.mode = mode & 07777U;
  stat.owner = fields[8] == "UNKNOWN" ? fields[1] : fields[8];
  stat.group = fields[9] == "UNKNOWN" ? fields[2] : fields[9];
  if (fields[10] != "?") stat.selinux_context = fields[10];
  return stat;
}

// The part of `text` before the n-th "/" (counted from 1), which it takes away with the slash.
std::optional<std::string_view> take_fields(std::string_view& text, int slashes) {
  std::size_t end = 0;
  for (int i = 0; i < slashes; ++i) {
    end = text.find('/', i == 0 ? 0 : end + 1);
    if (end == std::string_view::npos) return std::nullopt;
  }
  const std::string_view fields = text.substr(0, end);
  text.remove_prefix(end + 1);
  return fields;
}

class Decoder {
 public:
  Decoder(std::span<const Probe> probes, std::vector<Observation>& observations)
      : probes_(probes), observations_(observations) {}

  void decode(const ProbeFrame& frame, const Reply& reply) {
    const Probe& first = probes_[frame.probes.front()];
    if (std::holds_alternative<StatProbe>(first)) {
      stats(frame, reply);
    } else if (std::holds_alternative<ReadProbe>(first)) {
      reads(frame, reply);
    } else if (std::holds_alternative<DigestProbe>(first)) {
      digests(frame, reply);
    } else if (std::holds_alternative<ListProbe>(first)) {
      observations_[frame.probes.front()] = list(reply);
    } else {
      observations_[frame.probes.front()] = CommandAnswer{reply.status, reply.out, reply.err};
    }
  }

 private:
  template <class Kind>
  [[nodiscard]] const Kind& probe(std::size_t index) const {
    return *std::get_if<Kind>(&probes_[index]);
  }

  void stats(const ProbeFrame& frame, const Reply& reply);
  void reads(const ProbeFrame& frame, const Reply& reply);
  void digests(const ProbeFrame& frame, const Reply& reply);
  [[nodiscard]] static Observation list(const Reply& reply);

  std::span<const Probe> probes_;
  std::vector<Observation>& observations_;
};

// Answers come in the order of the paths; a path that failed has none.
void Decoder::stats(const ProbeFrame& frame, const Reply& reply) {
  const auto nul = reply.out.find('\0');
  std::string_view rest = std::string_view(reply.out).substr(0, nul);
  std::vector<std::string> links;
  if (nul != std::string::npos) links = base::split(reply.out.substr(nul + 1), '\0');
  std::size_t next_link = 0;
  for (const std::size_t index : frame.probes) {
    const std::string& path = probe<StatProbe>(index).path;
    std::string_view ahead = rest;
    const auto fields = take_fields(ahead, 11);
    if (!fields || !ahead.starts_with(path + "\n")) {
      observations_[index] = absent_or_failed<StatAnswer>(reply.err, path);
      continue;
    }
    rest = ahead.substr(path.size() + 1);
    auto stat = parse_stat(*fields);
    if (stat && stat->type == FileType::link) {
      if (next_link < links.size()) stat->link_target = links[next_link++];
    }
    observations_[index] = stat ? Observation(StatAnswer{std::move(stat)})
                                : Observation(ProbeFailure{"stat gave an unknown answer"});
  }
}

// "==> PREFIX/path <==\n", the content, and "\n" before the next header.
void Decoder::reads(const ProbeFrame& frame, const Reply& reply) {
  std::string_view rest = reply.out;
  const std::string next_header = "\n==> " + frame.path_prefix;
  for (const std::size_t index : frame.probes) {
    const ReadProbe& asked = probe<ReadProbe>(index);
    const std::string header = fmt::format("==> {}{} <==\n", frame.path_prefix, asked.path);
    if (!rest.starts_with(header)) {
      observations_[index] = absent_or_failed<ReadAnswer>(reply.err, asked.path);
      continue;
    }
    rest.remove_prefix(header.size());
    const auto end = rest.find(next_header);
    std::string content(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const bool truncated = content.size() > asked.limit;
    if (truncated) content.resize(asked.limit);
    const std::string reason = reason_for(reply.err, asked.path);
    if (content.empty() && reason != "the target gave no answer" && is_plain_path(asked.path)) {
      observations_[index] = ProbeFailure{reason};  // it was opened and could not be read
    } else {
      observations_[index] = ReadAnswer{std::move(content), truncated};
    }
  }
}

// "HASH  path", with a backslash in front where the path had to be quoted.
void Decoder::digests(const ProbeFrame& frame, const Reply& reply) {
  std::string_view rest = reply.out;
  constexpr std::size_t digits = 64;
  for (const std::size_t index : frame.probes) {
    const std::string& path = probe<DigestProbe>(index).path;
    std::string_view line = rest.substr(0, rest.find('\n'));
    const bool quoted = line.starts_with('\\');
    if (quoted) line.remove_prefix(1);
    const bool alone = frame.probes.size() == 1;
    const bool ours = line.size() > digits + 2 && (alone || line.substr(digits + 2) == path);
    const std::string hash(line.substr(0, std::min(digits, line.size())));
    if (!ours || !base::from_hex(hash)) {
      observations_[index] = absent_or_failed<DigestAnswer>(reply.err, path);
      continue;
    }
    rest.remove_prefix(std::min(rest.size(), line.size() + (quoted ? 2U : 1U)));
    observations_[index] = DigestAnswer{hash};
  }
}

Observation Decoder::list(const Reply& reply) {
  switch (reply.status) {
    case 0: break;
    case 2: return ListAnswer{};
    case 3: return ProbeFailure{"is not a directory"};
    default: return ProbeFailure{"permission denied"};
  }
  auto names = base::split(reply.out, '/');
  names.pop_back();  // after the last slash
  std::ranges::sort(names);
  return ListAnswer{std::move(names)};
}

}  // namespace

std::vector<Observation> decode_probes(std::span<const Probe> probes,
                                       std::span<const ProbeFrame> frames,
                                       std::span<const Reply> replies) {
  std::vector<Observation> observations(probes.size(), ProbeFailure{"was not asked"});
  Decoder decoder(probes, observations);
  for (std::size_t i = 0; i < frames.size() && i < replies.size(); ++i) {
    decoder.decode(frames[i], replies[i]);
  }
  return observations;
}

}  // namespace konvoy::target
