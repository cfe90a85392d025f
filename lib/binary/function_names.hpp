// The names of a Go program's functions. They stand in its pclntab, which tracebacks need: neither
// `-s -w` nor strip removes them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "binary/elf.hpp"

namespace konvoy::binary {

/// A pclntab that was found; views the file's bytes. Layouts: Go's src/debug/gosym/pclntab.go.
struct FunctionTable {
  Bytes bytes;  ///< from the table's header on
  unsigned word = 8;
  Endian endian = Endian::little;
  bool before_go_1_16 = false;  ///< names lie between the functions' records
  std::uint64_t functions = 0;
  Bytes names;  ///< NUL-terminated, one after the other; before Go 1.16 empty
};

/// Looks into `.gopclntab`, `.data.rel.ro.gopclntab`, then everywhere.
[[nodiscard]] std::optional<FunctionTable> find_function_table(const Elf& elf);

/// Calls `visit` with every name ("crypto/tls.(*Conn).Read"). The work is at most a small multiple
/// of the table's size, whatever a hostile table says.
void for_each_function(const FunctionTable& table, const std::function<void(Bytes)>& visit);

/// The import path of the package a function is in: "crypto/tls" for "crypto/tls.(*Conn).Read"; the
/// path inside a vendor directory counts, not the directory's own.
[[nodiscard]] Bytes package_of(Bytes function);

}  // namespace konvoy::binary
