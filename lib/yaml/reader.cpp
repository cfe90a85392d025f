#include "yaml/reader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <memory>
#include <streambuf>
#include <utility>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "yaml/builder.hpp"
#include "yaml/problems.hpp"

namespace konvoy::yaml {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

base::SourceSpan place_of_offset(std::shared_ptr<const base::SourceText> source,
                                 std::size_t offset) {
  const auto before = std::string_view(source->text).substr(0, offset);
  const auto line_start = before.rfind('\n');
  const auto column = line_start == std::string_view::npos ? offset : offset - line_start - 1;
  const auto lines = static_cast<std::uint32_t>(std::ranges::count(before, '\n'));
  return {.source = std::move(source),
          .line = lines + 1,
          .column = static_cast<std::uint32_t>(column + 1)};
}

// What the YAML specification does not let stand in a text, and no editor shows.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
}

base::Result<void> check_characters(const std::shared_ptr<base::SourceText>& source) {
  auto& text = source->text;
  if (const auto bad = base::find_invalid_utf8(text); bad != std::string::npos) {
    const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
    const auto byte = static_cast<unsigned char>(text[bad]);
    auto span = place_of_offset(source, bad);
    span.column = 0;  // the bytes before it may be no characters either
    base::Diagnostic problem{
        .message = fmt::format("the file is not UTF-8: byte 0x{:02X} at offset {}", byte, bad),
        .span = std::move(span),
        .hint = utf16 ? "it is UTF-16; save it as UTF-8" : "save the file as UTF-8",
        .secret_excerpt = true};
    return base::Error(base::ErrorKind::input, std::move(problem));
  }
  const auto bad = std::ranges::find_if(text, is_forbidden);
  if (bad == text.end()) return {};
  auto span = place_of_offset(source, static_cast<std::size_t>(bad - text.begin()));
  auto problem = problem_at(
      base::Severity::error, std::move(span),
      fmt::format("a control character (0x{:02X}) in the text", static_cast<unsigned char>(*bad)),
      "is this a YAML file?");
  problem.secret_excerpt = true;  // nothing that a terminal should get
  return base::Error(base::ErrorKind::input, std::move(problem));
}

// One kind of line end, no byte order mark: offsets in this text are yaml-cpp's.
std::string normalised(std::string text) {
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  if (text.find('\r') == std::string::npos) return text;
  text = base::replace_all(text, "\r\n", "\n");
  std::ranges::replace(text, '\r', '\n');
  return text;
}

// The text in pieces, and none any more once the builder has failed: the only way to stop yaml-cpp
// early without throwing through it.
class StoppableText final : public std::streambuf {
 public:
  StoppableText(std::string& text, const Builder& builder) : text_(text), builder_(builder) {}

 protected:
  int_type underflow() override {
    constexpr std::size_t piece = 4096;
    const auto size = std::min(piece, text_.size() - given_);
    if (size == 0 || builder_.failed()) return traits_type::eof();
    char* start = text_.data() + given_;
    given_ += size;
    setg(start, start, start + size);
    return traits_type::to_int_type(*start);
  }

 private:
  std::string& text_;
  const Builder& builder_;
  std::size_t given_ = 0;
};

// Notes only where a further document starts, and whether it holds anything.
class FurtherDocument final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { start = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override { filled = true; }
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*text*/) override {
    filled = true;
  }
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {
    filled = true;
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    filled = true;
  }
  void OnMapEnd() override {}

  YAML::Mark start = YAML::Mark::null_mark();
  bool filled = false;
};

// A further document is not read, so a mistake in it is none of ours.
void warn_of_further_document(YAML::Parser& parser, const Places& places,
                              std::vector<base::Diagnostic>& warnings) {
  FurtherDocument further;
  try {
    if (!parser.HandleNextDocument(further)) return;
  } catch (const YAML::Exception& error) {
    further.filled = true;
    if (further.start.is_null()) further.start = error.mark;
  }
  if (!further.filled) return;
  warnings.push_back(problem_at(base::Severity::warning, places.span_at(further.start),
                                "a second YAML document starts here; it is not read",
                                "remove the '---' line, or put the document into another file"));
}

base::Error input_error(std::vector<base::Diagnostic> diagnostics) {
  return {base::ErrorKind::input, std::move(diagnostics)};
}

}  // namespace

base::Result<Document> parse(std::string name, std::string text, const Limits& limits) {
  if (text.size() > limits.bytes) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("'{}' is too large: {} bytes, at most {} are read", name,
                                   text.size(), limits.bytes),
                       "is this a YAML file?");
  }
  auto source = std::make_shared<base::SourceText>(
      base::SourceText{.name = std::move(name), .text = normalised(std::move(text))});
  KONVOY_CHECK(check_characters(source));
  const Places places(source);
  Builder builder(places, limits);
  try {
    StoppableText pieces(source->text, builder);
    std::istream stream(&pieces);
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    if (builder.failed()) return input_error(std::move(builder.diagnostics()));
    Document document{.value = builder.root(), .warnings = std::move(builder.diagnostics())};
    warn_of_further_document(parser, places, document.warnings);
    return document;
  } catch (const YAML::Exception& error) {
    if (!builder.failed()) {
      builder.diagnostics().push_back(syntax_problem(error.msg, places.span_at(error.mark)));
    }
    return input_error(std::move(builder.diagnostics()));
  } catch (const std::exception& error) {
    return base::Error(base::ErrorKind::internal,
                       fmt::format("reading '{}': {}", source->name, error.what()));
  }
}

}  // namespace konvoy::yaml
