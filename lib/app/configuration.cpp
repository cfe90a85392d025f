#include "app/configuration.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/check.hpp"
#include "config/extra_vars.hpp"
#include "yaml/reader.hpp"

namespace konvoy::app {
namespace {

using base::Diagnostic;
using config::LayerKind;

void append(std::vector<Diagnostic>& all, std::vector<Diagnostic> more) {
  std::ranges::move(more, std::back_inserter(all));
}

// Collects layers and problems, and goes on after a file that cannot be read: the user gets to know
// everything in one run.
class Reader {
 public:
  explicit Reader(const ConfigurationInputs& inputs) : inputs_(inputs) {}

  base::Result<Configuration> run() && {
    add_file(LayerKind::defaults, read_own_file(defaults_file, inputs_.data_dir));
    if (!inputs_.image.empty()) add_named(LayerKind::image, inputs_.image);
    for (const auto& file : inputs_.overrides) add_named(LayerKind::overrides, file);
    configuration_.layers.push_back(
        config::flag_layer(inputs_.flags, inputs_.cloud, inputs_.dry_run));
    add_extra_vars();

    auto merged = config::merge(configuration_.layers);
    if (!merged) {
      // A version that is missing because its file could not be read is no news.
      if (errors_.empty()) fail(std::move(merged).error());
    } else {
      append(configuration_.warnings, std::move(merged->warnings));
      configuration_.config = std::move(merged).value();
    }
    append(configuration_.warnings, config::check(configuration_.layers));
    return finish();
  }

 private:
  void add_named(LayerKind kind, const std::string& name) {
    add_file(kind, read_data_file(name, inputs_.data_dir));
  }

  void add_file(LayerKind kind, base::Result<DataFile> file) {
    if (!file) {
      fail(std::move(file).error());
      return;
    }
    configuration_.files.push_back(*file);
    auto document = yaml::parse(file->name, std::move(file->bytes));
    if (!document) {
      fail(std::move(document).error());
      return;
    }
    append(configuration_.warnings, std::move(document->warnings));
    configuration_.layers.push_back({.kind = kind, .value = std::move(document->value)});
  }

  void add_extra_vars() {
    const auto read = [&](const std::string& path) -> base::Result<std::string> {
      KONVOY_TRY(auto file, read_data_file(path, inputs_.data_dir));
      configuration_.files.push_back(file);
      return std::move(file.bytes);
    };
    auto vars = config::parse_extra_vars(inputs_.extra_vars, read);
    if (!vars) {
      fail(std::move(vars).error());
      return;
    }
    std::ranges::move(vars->layers, std::back_inserter(configuration_.layers));
    append(configuration_.warnings, std::move(vars->warnings));
  }

  void fail(base::Error error) {
    if (errors_.empty()) kind_ = error.kind;
    append(errors_, std::move(error.diagnostics));
  }

  base::Result<Configuration> finish() {
    base::sort_by_place(configuration_.warnings);
    if (!errors_.empty()) {
      append(errors_, std::move(configuration_.warnings));
      base::sort_by_place(errors_);
      return base::Error(kind_, std::move(errors_));
    }
    KONVOY_CHECK(refuse_warnings(configuration_.warnings, inputs_.strict));
    return std::move(configuration_);
  }

  const ConfigurationInputs& inputs_;
  Configuration configuration_;
  base::ErrorKind kind_ = base::ErrorKind::input;
  std::vector<Diagnostic> errors_;
};

}  // namespace

base::Result<Configuration> read_configuration(const ConfigurationInputs& inputs) {
  return Reader(inputs).run();
}

base::Result<config::Config> with_inventory(const Configuration& configuration,
                                            const value::Value& variables) {
  auto layers = configuration.layers;
  const auto above = std::ranges::find_if(
      layers, [](const config::Layer& layer) { return layer.kind > LayerKind::inventory; });
  layers.insert(above, {.kind = LayerKind::inventory, .value = variables});
  return config::merge(layers);
}

base::Result<void> refuse_warnings(std::vector<Diagnostic> warnings, bool strict) {
  if (!strict || warnings.empty()) return {};
  for (auto& warning : warnings) warning.severity = base::Severity::error;
  return base::Error(base::ErrorKind::input, std::move(warnings));
}

}  // namespace konvoy::app
