// Steps for tests of the executor.
#pragma once

#include <string>

#include "plan/step.hpp"
#include "resource/command.hpp"
#include "resource/file.hpp"

namespace konvoy::test {

inline plan::Step file_step(std::string id, const std::string& path, const std::string& content) {
  return {.id = std::move(id),
          .resource = as_resource(resource::File{.path = path, .content = content}),
          .because = {"a test asks for it", {}}};
}

/// Runs `word` until /done/<word> is there.
inline plan::Step command_step(std::string id, const std::string& word) {
  return {.id = std::move(id),
          .resource = as_resource(resource::GuardedCommand{.name = word,
                                                           .run = {.argv = {word}},
                                                           .creates = "/done/" + word,
                                                           .reason = "was not run"}),
          .because = {"a test asks for it", {}}};
}

}  // namespace konvoy::test
