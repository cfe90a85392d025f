// grubenv-probe FILE: does to a GRUB environment block what its standard input says, and writes it
// back. A line is "set NAME VALUE", "unset NAME" or "list", name and value in base64; answers are
// "ok", "full", "damaged", or for list a line "NAME VALUE" for each variable and ".".
#include <fmt/format.h>

#include <iostream>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "boot/grubenv.hpp"
#include "system/file.hpp"

namespace {

using konvoy::base::from_base64;
using konvoy::base::to_base64;
using konvoy::boot::Grubenv;

void list(const Grubenv& block) {
  for (const auto& [name, value] : block.entries()) {
    fmt::print("{} {}\n", to_base64(name), to_base64(value));
  }
  fmt::print(".\n");
}

void answer(Grubenv& block, const std::vector<std::string>& words) {
  if (words.at(0) == "list") return list(block);
  const auto name = from_base64(words.at(1)).value_or("");
  if (words.at(0) == "unset") {
    block.remove(name);
    fmt::print("ok\n");
    return;
  }
  const auto value = words.size() > 2 ? from_base64(words[2]).value_or("") : std::string();
  fmt::print("{}\n", block.set(name, value).ok() ? "ok" : "full");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto bytes = konvoy::system::read_file(argv[1]);
  if (!bytes) return 2;
  auto block = Grubenv::parse(*bytes, argv[1]);
  if (!block) {
    fmt::print("damaged\n");
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    answer(*block, konvoy::base::split_words(line));
  }
  return konvoy::system::write_file(argv[1], block->render()).ok() ? 0 : 2;
}
