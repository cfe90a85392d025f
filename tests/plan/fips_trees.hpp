// Boot configurations of EL7 and EL8 in all their shapes, as trees of the fake machine.
#pragma once

#include <string>
#include <vector>

#include "facts/host_facts.hpp"
#include "support/fake_target.hpp"

namespace konvoy::test {

/// How a machine is set up; the text files are what the installer and grub2-mkconfig of that
/// release write, cut down to what a boot reads.
struct Shape {
  std::string name;
  int major = 8;
  bool uefi = false;
  std::string vendor = "redhat";
  bool separate_boot = true;
  bool lvm = false;
  bool bls = true;       ///< EL8 only
  bool tuned = false;    ///< $tuned_params and $tuned_initrd in the BLS entries
  bool literal = false;  ///< the rescue entry has options of its own, as grubby leaves them
  int kernels = 1;
  bool rescue = false;
};

/// All shapes that the golden files show.
[[nodiscard]] std::vector<Shape> shapes();

/// An image root of this shape, with the commands that the FIPS steps run: dracut writes an
/// initramfs with the fips module, lsinitrd's check passes, the EL7 packages are there.
[[nodiscard]] FakeTarget image_of(const Shape& shape);

/// What the facts say about it.
[[nodiscard]] facts::HostFacts facts_of(FakeTarget& image);

/// The text files that a boot reads, and what matters of the others, as one text.
[[nodiscard]] std::string picture_of(FakeTarget& image);

}  // namespace konvoy::test
