#include <fmt/format.h>

#include <algorithm>

#include "verify/report.hpp"

namespace konvoy::verify {
namespace {

std::string finding(std::string_view what, std::string_view fix) {
  std::string text = fmt::format("  - {}\n", what);
  if (!fix.empty()) text += fmt::format("    fix: {}\n", fix);
  return text;
}

std::string render(const Component& component) {
  const bool good = component.status == Status::ok;
  std::string text = fmt::format("{} [{}] {} [{}]\n", component.name,
                                 component.kind == Component::Kind::file ? "file" : "image",
                                 component.detail, good ? "OK" : "FAILED");
  if (!component.file_class.empty() || !component.package.empty()) {
    text += fmt::format("    {}{}{}\n", component.file_class,
                        component.file_class.empty() || component.package.empty() ? "" : ", from ",
                        component.package);
  }
  if (!component.fix.empty()) text += fmt::format("    fix: {}\n", component.fix);
  return text;
}

std::string render(const ServiceFinding& service) {
  std::string text = fmt::format("Service: {} [{}] [{}]\n", service.name, service.address,
                                 name_of(service.status));
  if (!service.versions.empty()) {
    text += fmt::format("  Preferred Cipher: {}\n", service.preferred_cipher);
    if (!service.negotiated_cipher.empty()) {
      text += fmt::format("  Negotiated Cipher: {}\n", service.negotiated_cipher);
    }
    text += "  Supported Ciphers:\n";
    for (const ServiceVersion& version : service.versions) {
      text += fmt::format("    {} ({})\n", version.version,
                          version.server_order ? "in the server's order" : "the client chooses");
      for (const auto& cipher : version.ciphers) text += fmt::format("      {}\n", cipher);
    }
    text += fmt::format("  Groups: {}\n", fmt::join(service.groups, ", "));
  }
  for (const auto& certificate : service.certificates) {
    text += fmt::format("  Certificate: {}\n", certificate);
  }
  for (const auto& remark : service.remarks) {
    text += finding((remark.fails ? "" : "warning: ") + remark.what, remark.fix);
  }
  return text;
}

std::string render(const OsFinding& os, const Report& report) {
  const char* enabled = !os.fips_enabled ? "unknown" : *os.fips_enabled ? "enabled" : "disabled";
  std::string text = fmt::format("Operating System: {}\n  FIPS mode: {}\n", report.os, enabled);
  for (const Sign& sign : os.signs) {
    text += fmt::format("  {}: {} ({})\n", sign.name, sign.state, sign.because);
  }
  if (report.live && !os.fips_enabled.value_or(false)) {
    text += finding("the running kernel is not in FIPS mode",
                    "provision the node with fips.enabled: true, and reboot it");
  }
  return text;
}

std::string summary(const Report& report) {
  const auto good = std::count_if(report.components.begin(), report.components.end(),
                                  [](const auto& c) { return c.status == Status::ok; });
  const auto secure =
      std::count_if(report.services.begin(), report.services.end(), [](const auto& service) {
        return service.status == ServiceStatus::ok || service.status == ServiceStatus::warning;
      });
  const auto running = std::count_if(
      report.services.begin(), report.services.end(),
      [](const auto& service) { return service.status != ServiceStatus::not_running; });
  return fmt::format("Result: {} ({} of {} files and images, {} of {} services that run)\n",
                     report.passed() ? "passed" : "FAILED", good, report.components.size(), secure,
                     running);
}

}  // namespace

std::string render_text(const Report& report) {
  std::string text = fmt::format("Host: {}\nManifest: signed by {}{}{}, verified by {}\n",
                                 report.host, report.signed_by, report.signer.empty() ? "" : " ",
                                 report.signer, report.verified_by);
  for (const auto& problem : report.problems) text += finding(problem, "");
  if (!report.components.empty()) text += "\n";
  for (const auto& component : report.components) text += render(component);
  for (const auto& extra : report.extra_executables) {
    text += fmt::format("{} [file] not in the manifest [WARNING]\n", extra);
  }
  for (const auto& service : report.services) text += "\n" + render(service);
  text += "\n" + render(report.os_finding, report);
  if (!report.module_name.empty()) {
    text += fmt::format("Module: {}{}{}\n", report.module_name,
                        report.module_certificate.empty() ? "" : ", certificate ",
                        report.module_certificate);
  }
  return text + "\n" + summary(report);
}

}  // namespace konvoy::verify
