#include "template/builtins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/suggest.hpp"

namespace konvoy::templates {
namespace {

constexpr std::string_view collection = "ansible.builtin.";

// What Ansible 2.14 and Jinja2 3.1 have and this engine does not: said so by name.
constexpr std::array unsupported_filters = {std::string_view("attr"),
                                            std::string_view("checksum"),
                                            std::string_view("cidr_merge"),
                                            std::string_view("combinations"),
                                            std::string_view("comment"),
                                            std::string_view("expanduser"),
                                            std::string_view("expandvars"),
                                            std::string_view("filesizeformat"),
                                            std::string_view("fileglob"),
                                            std::string_view("forceescape"),
                                            std::string_view("from_yaml_all"),
                                            std::string_view("hash"),
                                            std::string_view("human_readable"),
                                            std::string_view("human_to_bytes"),
                                            std::string_view("ipaddr"),
                                            std::string_view("ipsubnet"),
                                            std::string_view("json_query"),
                                            std::string_view("md5"),
                                            std::string_view("password_hash"),
                                            std::string_view("permutations"),
                                            std::string_view("pprint"),
                                            std::string_view("product"),
                                            std::string_view("random"),
                                            std::string_view("realpath"),
                                            std::string_view("rekey_on_member"),
                                            std::string_view("relpath"),
                                            std::string_view("sha1"),
                                            std::string_view("shuffle"),
                                            std::string_view("strftime"),
                                            std::string_view("striptags"),
                                            std::string_view("subelements"),
                                            std::string_view("tojson"),
                                            std::string_view("to_datetime"),
                                            std::string_view("to_nice_yaml"),
                                            std::string_view("to_uuid"),
                                            std::string_view("to_yaml"),
                                            std::string_view("unvault"),
                                            std::string_view("urlize"),
                                            std::string_view("urlsplit"),
                                            std::string_view("vault"),
                                            std::string_view("win_basename"),
                                            std::string_view("win_dirname"),
                                            std::string_view("win_splitdrive"),
                                            std::string_view("wordwrap"),
                                            std::string_view("xmlattr")};

constexpr std::array unsupported_tests = {
    std::string_view("directory"),   std::string_view("exists"),
    std::string_view("file"),        std::string_view("finished"),
    std::string_view("is_abs"),      std::string_view("link"),
    std::string_view("link_exists"), std::string_view("mount"),
    std::string_view("same_file"),   std::string_view("started"),
    std::string_view("url"),         std::string_view("vault_encrypted")};

template <class Builtin>
using Table = std::unordered_map<std::string_view, const Builtin*>;

template <class Builtin, std::size_t N>
Table<Builtin> join(const std::array<std::span<const Builtin>, N>& families) {
  Table<Builtin> all;
  for (const auto family : families) {
    for (const auto& each : family) all.emplace(each.name, &each);
  }
  return all;
}

const Table<Filter>& filters() {
  static const auto all =
      join(std::array{text_filters(), layout_filters(), number_filters(), list_filters(),
                      selection_filters(), set_filters(), dict_filters(), choice_filters(),
                      encoding_filters(), regex_filters(), path_filters()});
  return all;
}

const Table<Test>& tests() {
  static const auto all = join(std::array{type_tests(), comparison_tests(), ansible_tests()});
  return all;
}

template <class Builtin>
const Builtin* find(const Table<Builtin>& table, std::string_view name) {
  if (name.starts_with(collection)) name.remove_prefix(collection.size());
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

template <class Builtin, std::size_t N>
Failure none_of(std::string_view what, std::string_view name, const Table<Builtin>& table,
                const std::array<std::string_view, N>& unsupported) {
  auto plain = name;
  if (plain.starts_with(collection)) plain.remove_prefix(collection.size());
  if (std::ranges::find(unsupported, plain) != unsupported.end()) {
    return {FailureKind::unknown_name, fmt::format("the {} '{}' is not supported", what, name)};
  }
  std::vector<std::string> names;
  for (const auto& each : table) names.emplace_back(each.first);
  std::ranges::sort(names);
  return {FailureKind::unknown_name, fmt::format("there is no {} '{}'", what, name),
          base::did_you_mean(name, names)};
}

}  // namespace

const Filter* find_filter(std::string_view name) {
  return find(filters(), name);
}
const Test* find_test(std::string_view name) {
  return find(tests(), name);
}

Failure no_filter(std::string_view name) {
  return none_of("filter", name, filters(), unsupported_filters);
}
Failure no_test(std::string_view name) {
  return none_of("test", name, tests(), unsupported_tests);
}

}  // namespace konvoy::templates
