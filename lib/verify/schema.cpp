#include "verify/schema.hpp"

#include "base/embedded.hpp"

KONVOY_EMBEDDED(verify_data_manifest_schema_json);

namespace konvoy::verify {

std::string_view manifest_schema() {
  return verify_data_manifest_schema_json();
}

}  // namespace konvoy::verify
