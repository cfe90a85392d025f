// Filters about file names; they look at the text alone, never at a disk.
#include <fmt/format.h>

#include <array>

#include "template/builtins.hpp"
#include "template/python_text.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

Outcome<std::string> path_of(const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  if (input.text() != nullptr) return *input.text();
  return misuse(fmt::format("needs a path, not {}", input.type_name()));
}

Result basename(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto path, path_of(input, arguments));
  return Object(path.substr(path.rfind('/') + 1));
}

Result dirname(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto path, path_of(input, arguments));
  auto head = path.substr(0, path.rfind('/') + 1);
  if (head.find_first_not_of('/') != std::string::npos) {
    head.erase(head.find_last_not_of('/') + 1);
  }
  return Object(std::move(head));
}

// Dots at the start of a name begin no extension.
Result splitext(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto path, path_of(input, arguments));
  const auto name = path.rfind('/') + 1;
  const auto first = path.find_first_not_of('.', name);
  const auto dot = path.rfind('.');
  if (dot == std::string::npos || first == std::string::npos || dot < first) {
    return Object::tuple({Object(path), Object("")});
  }
  return Object::tuple({Object(path.substr(0, dot)), Object(path.substr(dot))});
}

constexpr std::array filters = {Filter{"basename", basename}, Filter{"dirname", dirname},
                                Filter{"splitext", splitext}};

}  // namespace

std::span<const Filter> path_filters() {
  return filters;
}

}  // namespace konvoy::templates
