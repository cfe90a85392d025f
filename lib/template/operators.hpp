// Python's operators on objects. Operands must be defined; a result's secrecy is the caller's.
#pragma once

#include "template/syntax.hpp"

namespace konvoy::templates {

[[nodiscard]] Outcome<Object> compute(BinaryOp op, const Object& left, const Object& right);
[[nodiscard]] Outcome<Object> negate(const Object& operand);
[[nodiscard]] Outcome<bool> compare(CompareOp op, const Object& left, const Object& right);

/// Python's < for sorting and comparing. Fails on objects that have no order.
[[nodiscard]] Outcome<bool> is_less(const Object& left, const Object& right);
/// Python's `item in container`.
[[nodiscard]] Outcome<bool> contains(const Object& container, const Object& item);

/// `left % right` for a text `left`: printf-style formatting (percent_format.cpp).
[[nodiscard]] Outcome<Object> percent_format(const std::string& format, const Object& values);

}  // namespace konvoy::templates
