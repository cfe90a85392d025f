#include "verify/report.hpp"

#include <algorithm>

namespace konvoy::verify {
namespace {

using value::List;
using value::Map;
using value::Value;

Value texts(const std::vector<std::string>& all) {
  return Value(List(all.begin(), all.end()));
}

void put(Map& map, std::string_view key, const std::string& text) {
  if (!text.empty()) map.set(std::string(key), Value(text));
}

Value to_value(const Component& component) {
  Map map;
  map.set("name", Value(component.name));
  map.set("kind", Value(component.kind == Component::Kind::file ? "file" : "image"));
  map.set("status", Value(name_of(component.status)));
  map.set("detail", Value(component.detail));
  put(map, "fix", component.fix);
  put(map, "class", component.file_class);
  put(map, "package", component.package);
  put(map, "digest_by", component.digest_by);
  put(map, "signature_by", component.signature_by);
  return Value(std::move(map));
}

Value to_value(const ServiceVersion& version) {
  Map map;
  map.set("version", Value(version.version));
  map.set("ciphers", texts(version.ciphers));
  map.set("server_order", Value(version.server_order));
  return Value(std::move(map));
}

Value to_value(const ServiceFinding::Remark& remark) {
  Map map;
  map.set("severity", Value(remark.fails ? "error" : "warning"));
  map.set("what", Value(remark.what));
  put(map, "fix", remark.fix);
  return Value(std::move(map));
}

Value to_value(const ServiceFinding& service) {
  Map map;
  map.set("name", Value(service.name));
  map.set("address", Value(service.address));
  map.set("preferred_cipher", Value(service.preferred_cipher));
  map.set("supported_ciphers", texts(service.supported_ciphers()));
  map.set("rejected", texts(service.rejected));
  map.set("status", Value(name_of(service.status)));
  List versions;
  for (const auto& version : service.versions) versions.push_back(to_value(version));
  map.set("versions", Value(std::move(versions)));
  map.set("negotiated_cipher", Value(service.negotiated_cipher));
  map.set("groups", texts(service.groups));
  map.set("certificates", texts(service.certificates));
  map.set("asks_for_client_certificate", Value(service.asks_for_client_certificate));
  List remarks;
  for (const auto& remark : service.remarks) remarks.push_back(to_value(remark));
  map.set("remarks", Value(std::move(remarks)));
  return Value(std::move(map));
}

Value to_value(const OsFinding& os, const std::string& name) {
  Map map;
  map.set("name", Value(name));
  map.set("fips_enabled", os.fips_enabled ? Value(*os.fips_enabled) : Value());
  Map signs;
  for (const Sign& sign : os.signs) {
    Map state;
    state.set("state", Value(sign.state));
    state.set("because", Value(sign.because));
    signs.set(sign.name, Value(std::move(state)));
  }
  map.set("signs", Value(std::move(signs)));
  return Value(std::move(map));
}

}  // namespace

std::string_view name_of(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::mismatch: return "mismatch";
    case Status::missing: return "missing";
    case Status::error: return "error";
  }
  return "error";
}

std::string_view name_of(ServiceStatus status) {
  switch (status) {
    case ServiceStatus::ok: return "ok";
    case ServiceStatus::warning: return "warning";
    case ServiceStatus::failed: return "failed";
    case ServiceStatus::not_running: return "not-running";
    case ServiceStatus::unknown: return "unknown";
  }
  return "unknown";
}

std::vector<std::string> ServiceFinding::supported_ciphers() const {
  std::vector<std::string> all;
  for (const ServiceVersion& version : versions) {
    for (const std::string& cipher : version.ciphers) {
      if (std::find(all.begin(), all.end(), cipher) == all.end()) all.push_back(cipher);
    }
  }
  return all;
}

bool Report::passed() const {
  const bool in_fips_mode = live ? os_finding.fips_enabled.value_or(false) : true;
  return in_fips_mode && problems.empty() && os_finding.passed &&
         std::all_of(components.begin(), components.end(),
                     [](const auto& component) { return component.status == Status::ok; }) &&
         std::none_of(services.begin(), services.end(), [](const auto& service) {
           return service.status == ServiceStatus::failed ||
                  service.status == ServiceStatus::unknown;
         });
}

Value to_value(const Report& report) {
  Map map;
  map.set("result", Value(report.passed() ? "pass" : "fail"));
  map.set("host", Value(report.host));
  Map manifest;
  manifest.set("signed_by", Value(report.signed_by));
  put(manifest, "signer", report.signer);
  manifest.set("verified", Value(true));
  put(manifest, "verified_by", report.verified_by);
  manifest.set("problems", texts(report.problems));
  map.set("manifest", Value(std::move(manifest)));
  List components;
  for (const auto& component : report.components) components.push_back(to_value(component));
  map.set("components", Value(std::move(components)));
  List services;
  for (const auto& service : report.services) services.push_back(to_value(service));
  map.set("services", Value(std::move(services)));
  map.set("os", to_value(report.os_finding, report.os));
  Map module;
  put(module, "name", report.module_name);
  put(module, "certificate", report.module_certificate);
  map.set("module", Value(std::move(module)));
  map.set("extra_executables", texts(report.extra_executables));
  return Value(std::move(map));
}

}  // namespace konvoy::verify
