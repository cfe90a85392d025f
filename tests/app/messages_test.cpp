// The worst messages that a user can meet while writing overrides, each as a whole.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "app/configuration.hpp"
#include "app/explain.hpp"
#include "app/working_directory.hpp"
#include "base/diagnostic.hpp"
#include "support/golden.hpp"
#include "system/file.hpp"

namespace {

struct Mistake {
  std::string title;
  std::string text;  ///< of override o.yaml
  std::vector<std::string> extra_vars = {};
};

const std::vector<Mistake> mistakes = {
    {"a tab as indentation", "fips:\n\tenabled: true\n"},
    {"a template without quotes", "build_name: {{ kubernetes_version }}\n"},
    {"a quote that is not closed", "build_name: \"centos\nfips:\n  enabled: true\n"},
    {"keys in different columns", "fips:\n  enabled: true\n   configure: true\n"},
    {"a colon in a value", "note: see this: it is wrong\n"},
    {"a list that is not closed", "gpu:\n  types: [nvidia\nbuild_name: x\n"},
    {"a value that starts with a special character", "owner: @konvoy\n"},
    {"a value that starts with a star", "ami_filter: *RHEL\n"},
    {"a missing blank after the colon", "fips:\n  enabled:true\n"},
    {"a list where a map is meant", "- fips\n- nvidia\n"},
    {"bytes that are no UTF-8", "owner: M\xFCller\n"},
    {"a binary file", std::string("\x7F"
                                  "ELF\x02\x01\x01\0\0",
                                  9)},
    {"a duplicate key", "fips: {enabled: true}\nbuild_name: x\nfips: {configure: false}\n"},
    {"a second document", "fips:\n  enabled: true\n---\nbuild_name: x\n"},
    {"a misspelt key", "kubernets_version: \"1.22.0\"\n"},
    {"a misspelt key of a map", "fips:\n  enable: true\n"},
    {"a switch where a map is needed", "fips: true\n"},
    {"a version that is a number", "kubernetes_version: 1.22\n"},
    {"a number that loses its zero", "packer:\n  distribution_version: 8.10\n"},
    {"an empty map that clears nothing", "proxy_env: {}\nbuild_name: x\n"},
    {"null that takes a whole map away", "packer:\n"},
    {"an override that changes nothing", "download_images: false\n"},
    {"an alias bomb",
     "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
     "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
     "e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"},
    {"a duplicate key with a secret", "rhsm_password: one\nrhsm_password: two\n"},
    {"extra variables of all wrong kinds",
     "build_name: x\n",
     {"word", "=value", "a.=1", "@missing.yaml", "{\"a\": 1,}", "auth_token=\"x,y\""}},
};

std::string messages_of(const Mistake& mistake) {
  REQUIRE(konvoy::system::write_file("o.yaml", mistake.text));
  const auto configuration =
      konvoy::app::read_configuration({.overrides = {"o.yaml"}, .extra_vars = mistake.extra_vars});
  return konvoy::base::render(configuration ? configuration->warnings
                                            : configuration.error().diagnostics);
}

}  // namespace

TEST_CASE("the worst messages about overrides") {
  const konvoy::test::WorkingDirectory here;
  std::string all;
  for (const auto& mistake : mistakes) {
    const auto messages = messages_of(mistake);
    INFO(mistake.title);
    CHECK_FALSE(messages.empty());
    all += fmt::format("== {}\n{}\n", mistake.title, messages);
  }
  konvoy::test::check_golden("app/golden/messages.txt", all);
}
