#include "inventory/words.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace konvoy::inventory {
namespace {

bool is_blank(char character) {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  base::Result<std::vector<Word>> split(Comments comments) {
    for (at_ = 0; at_ < line_.size(); ++at_) {
      const char character = line_[at_];
      if (character == '#' && comments == Comments::dropped) break;
      if (is_blank(character)) {
        finish_word();
      } else if (character == '\'' || character == '"') {
        KONVOY_CHECK(quoted(character));
      } else if (character == '\\') {
        if (at_ + 1 == line_.size()) return problem("a backslash at the end escapes nothing");
        word().text += line_[++at_];
      } else {
        word().text += character;
      }
    }
    finish_word();
    return std::move(words_);
  }

 private:
  static base::Error problem(std::string message) {
    return {base::ErrorKind::input, std::move(message), "close it, or write it in quotes"};
  }

  Word& word() {
    if (!open_) open_ = Word{.offset = at_};
    return *open_;
  }

  void finish_word() {
    if (open_) words_.push_back(*std::exchange(open_, std::nullopt));
  }

  base::Result<void> quoted(char quote) {
    auto& text = word().text;
    for (++at_; at_ < line_.size() && line_[at_] != quote; ++at_) {
      const bool escape = quote == '"' && line_[at_] == '\\' && at_ + 1 < line_.size() &&
                          (line_[at_ + 1] == '"' || line_[at_ + 1] == '\\');
      text += line_[escape ? ++at_ : at_];
    }
    if (at_ >= line_.size()) return problem(fmt::format("the quote {} is not closed", quote));
    return {};
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::optional<Word> open_;
  std::vector<Word> words_;
};

}  // namespace

base::Result<std::vector<Word>> split_shell_words(std::string_view line, Comments comments) {
  return Splitter(line).split(comments);
}

}  // namespace konvoy::inventory
