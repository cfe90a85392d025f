// download-probe URL PATH SHA256: net::fetch() with its events and errors on stderr.

#include <cstdio>

#include "cli/run.hpp"
#include "net/download.hpp"

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  using namespace konvoy;
  const auto done = net::fetch({.url = argv[1], .sha256 = argv[3], .path = argv[2]}, {});
  if (done) return 0;
  std::fputs(base::render(done.error().diagnostics).c_str(), stderr);
  return cli::exit_code_of(done.error().kind);
}
