// Whole machines for unit tests, written down as text.
#pragma once

#include <string>
#include <string_view>

#include "support/fake_target.hpp"

namespace konvoy::test {

/// A FakeTarget with everything that `description` names. It is a text of sections:
///
///     ==> /etc/hostname                      a file with the lines that follow
///     ==> /etc/os-release -> ../usr/lib/...  a link
///     ==> /var/lib/etcd/member/              a directory
///     ==> /boot/loader/entries !denied       a path that can't be probed, with the reason
///     ==> $ uname -m                         what a command prints (its words joined by blanks)
///
/// What stands before the first section is a comment.
[[nodiscard]] FakeTarget machine_from(std::string_view description, std::string name = "fake",
                                      bool live = true);

}  // namespace konvoy::test
