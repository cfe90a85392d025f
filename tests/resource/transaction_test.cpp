#include "resource/transaction.hpp"

#include <doctest/doctest.h>

using konvoy::resource::parse_transaction;
using konvoy::resource::Transaction;

TEST_CASE("the table of dnf") {
  CHECK(parse_transaction(R"(Last metadata expiration check: 0:00:01 ago.
Dependencies resolved.
================================================================================
 Package             Arch       Version              Repository            Size
================================================================================
Installing:
 kubelet             x86_64     1.21.3-0             test                 6.1 k
     replacing  kubelet-old.x86_64 1.0-1
Upgrading:
 cri-tools           x86_64     1.13.0-0             test                 6.0 k
Installing dependencies:
 a-package-with-a-very-long-name
                     x86_64     2:2.0.0-1.el8        test                 5.9 k
Downgrading:
 kubectl             x86_64     1.21.3-0             test                 6.0 k
Removing dependent packages:
 kubeadm             x86_64     1.21.5-0             @test                 90
Enabling module streams:
 container-tools                rhel8

Transaction Summary
================================================================================
Install  3 Packages
)") == Transaction{.installed = {{"kubelet", "kubelet-1.21.3-0.x86_64", "test"},
                                 {"a-package-with-a-very-long-name",
                                  "a-package-with-a-very-long-name-2:2.0.0-1.el8.x86_64", "test"}},
                   .upgraded = {{"cri-tools", "cri-tools-1.13.0-0.x86_64", "test"}},
                   .downgraded = {{"kubectl", "kubectl-1.21.3-0.x86_64", "test"}},
                   .removed = {{"kubelet-old", "kubelet-old-1.0-1.x86_64"},
                               {"kubeadm", "kubeadm-1.21.5-0.x86_64", "@test"}}});
}

TEST_CASE("the table of yum") {
  CHECK(parse_transaction(R"(Resolving Dependencies
--> Running transaction check
---> Package socat.x86_64 0:1.7.3.2-2.el7 will be installed
--> Finished Dependency Resolution

Dependencies Resolved

================================================================================
 Package       Arch           Version                 Repository           Size
================================================================================
Installing:
 socat         x86_64         1.7.3.2-2.el7           base                290 k
Updating for dependencies:
 iproute       x86_64         4.11.0-30.el7           base                805 k

Transaction Summary
================================================================================
Install  1 Package
Exiting on user command
)") == Transaction{.installed = {{"socat", "socat-1.7.3.2-2.el7.x86_64", "base"}},
                   .upgraded = {{"iproute", "iproute-4.11.0-30.el7.x86_64", "base"}}});
}

TEST_CASE("a text without a table") {
  CHECK(parse_transaction("Error: Unable to find a match: nothing\n") == Transaction{});
}
