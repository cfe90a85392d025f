#include "target/ssh_target.hpp"

#include <fmt/format.h>

#include <optional>
#include <thread>

#include "system/file.hpp"
#include "target/action_scripts.hpp"
#include "target/askpass.hpp"
#include "target/detached.hpp"
#include "target/probe_frames.hpp"
#include "target/session.hpp"
#include "target/streams.hpp"
#include "target/upload.hpp"

namespace konvoy::target {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class SshTarget final : public Target {
 public:
  SshTarget(SshOptions options, system::TemporaryDirectory directory)
      : options_(std::move(options)), directory_(std::move(directory)) {}

  [[nodiscard]] std::string name() const override {
    return options_.name.empty() ? options_.host : options_.name;
  }
  [[nodiscard]] bool live() const override { return true; }

  Result<std::vector<Observation>> observe(std::span<const Probe> probes) override;
  Result<ActionResult> perform(const Action& action, const base::EventSink& events) override;
  Result<std::unique_ptr<Stream>> connect(const Address& address) override;

  /// Makes sure that there is a session.
  Result<void> ensure();

 private:
  [[nodiscard]] std::string socket() const { return directory_.path() + "/s"; }
  Result<Session> open_session(bool master);
  /// Runs frames in the session; when that breaks, there is none any more.
  Result<std::vector<Reply>> run(std::span<const Frame> frames);
  /// The same, once more in a new session when the old one broke: for what may be repeated.
  Result<std::vector<Reply>> run_repeatable(std::span<const Frame> frames);
  /// Tries to reconnect for as long as the options say.
  Result<Reply> run_patiently(const Frame& frame);
  Result<ActionResult> send(const Upload& what, const base::EventSink& events);
  Result<ActionResult> command(const RunCommand& action, const base::EventSink& events);

  SshOptions options_;
  system::TemporaryDirectory directory_;  // of the control socket
  std::optional<Session> session_;
};

Result<Session> SshTarget::open_session(bool master) {
  const std::string prompt = make_nonce();
  SessionStart start{.nonce = make_nonce()};
  auto& words = start.command.argv;
  words = ssh_arguments(options_, {.path = socket(), .master = master});
  words.push_back(remote_command(options_.become, start.nonce, prompt));
  start.timeout = options_.connect_timeout + std::chrono::seconds(30);
  if (options_.become && !options_.become->password.empty()) {
    start.password = options_.become->password;
    start.password_prompt = prompt;
  }
  std::optional<Askpass> askpass;
  if (!options_.password.empty()) {
    KONVOY_TRY(askpass, Askpass::make(options_.password));
    start.command.environment = askpass->environment();
    start.while_waiting = [&] { askpass->feed(); };
  }
  auto pause = std::chrono::seconds(1);
  for (unsigned tries = 1;; ++tries, pause *= 2) {
    auto session = Session::start(start);
    if (session) return session;
    if (tries >= options_.greeting_tries || !found_no_greeting(session.error())) {
      return explain_failure(options_, std::move(session).error());
    }
    std::this_thread::sleep_for(pause);
  }
}

Result<void> SshTarget::ensure() {
  if (session_) return {};
  (void)system::remove_tree(socket());  // of a master that was killed
  KONVOY_TRY(auto session, open_session(true));
  session_.emplace(std::move(session));
  return {};
}

Result<std::vector<Reply>> SshTarget::run(std::span<const Frame> frames) {
  KONVOY_CHECK(ensure());
  auto replies = session_->run(frames);
  if (replies) return replies;
  session_.reset();
  Error error = std::move(replies).error();
  error.diagnostics.front().message = fmt::format("lost '{}': {}", name(), error.message());
  return error;
}

Result<std::vector<Reply>> SshTarget::run_repeatable(std::span<const Frame> frames) {
  const bool fresh = !session_.has_value();
  auto replies = run(frames);
  if (replies || fresh || session_ || replies.error().kind != ErrorKind::unreachable) {
    return replies;
  }
  return run(frames);
}

Result<Reply> SshTarget::run_patiently(const Frame& frame) {
  const auto deadline = steady_clock::now() + options_.reconnect;
  auto pause = milliseconds(100);
  while (true) {
    auto replies = run({&frame, 1});
    if (replies) return std::move(replies->front());
    if (replies.error().kind != ErrorKind::unreachable || steady_clock::now() + pause > deadline) {
      return std::move(replies).error();
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, milliseconds(5000));
  }
}

Result<std::vector<Observation>> SshTarget::observe(std::span<const Probe> probes) {
  const auto encoded = encode_probes(probes);
  std::vector<Frame> frames;
  frames.reserve(encoded.size());
  for (const auto& one : encoded) frames.push_back(one.frame);
  KONVOY_TRY(const auto replies, run_repeatable(frames));
  return decode_probes(probes, encoded, replies);
}

Result<ActionResult> SshTarget::send(const Upload& what, const base::EventSink& events) {
  const UploadChannel channel{
      .run_frame = [this](const Frame& frame) { return run_patiently(frame); },
      .run_stream = [this](const Frame& frame, const auto& source) -> Result<Reply> {
        KONVOY_CHECK(ensure());
        KONVOY_TRY(auto second, open_session(false));
        auto reply = second.run_with_stream(frame, source);
        if (!reply) session_.reset();  // they share the connection
        return reply;
      }};
  KONVOY_CHECK(upload(what, channel, events));
  return ActionResult{};
}

Result<ActionResult> SshTarget::command(const RunCommand& action, const base::EventSink& events) {
  if (action.objection != nullptr) {
    return Error{ErrorKind::internal, "a command over ssh is asked nothing"};
  }
  if (action.detached) {
    return run_detached(
        action, [this](const Frame& frame) { return run_patiently(frame); }, true, events);
  }
  const Frame frame = encode_action(action);
  auto replies = run({&frame, 1});
  if (!replies) {
    return std::move(replies).error().with_note(
        fmt::format("whether '{}' ran to its end is not known", action.argv.front()));
  }
  return decode_action(action, std::move(replies->front()));
}

Result<ActionResult> SshTarget::perform(const Action& action, const base::EventSink& events) {
  if (const auto* run_command = std::get_if<RunCommand>(&action)) {
    return command(*run_command, events);
  }
  if (const auto* push = std::get_if<PushFile>(&action)) {
    KONVOY_TRY(const auto what, upload_of(*push));
    return send(what, events);
  }
  const auto* write = std::get_if<WriteFile>(&action);
  if (write != nullptr && write->content.reveal().size() > most_inline_bytes) {
    if (!write->follow_link && !write->in_place) {
      KONVOY_TRY(const auto what, upload_of(*write));
      return send(what, events);
    }
  }
  const Frame frame = encode_action(action);
  // A rename that had been done would fail the second time.
  const bool repeatable = !std::holds_alternative<Rename>(action);
  KONVOY_TRY(auto replies, repeatable ? run_repeatable({&frame, 1}) : run({&frame, 1}));
  return decode_action(action, std::move(replies.front()));
}

Result<std::unique_ptr<Stream>> SshTarget::connect(const Address& address) {
  KONVOY_CHECK(ensure());
  system::Command command{.argv = ssh_arguments(options_, {.path = socket(), .master = false})};
  const bool version_six = address.host.find(':') != std::string::npos;
  const std::string host = version_six ? "[" + address.host + "]" : address.host;
  const std::string to = fmt::format("{}:{}", host, address.port);
  command.argv.insert(command.argv.begin() + 1, {"-W", to});
  KONVOY_TRY(auto child, system::Child::start(command));
  return make_process_stream(std::move(child), address);
}

}  // namespace

Result<std::unique_ptr<Target>> connect_ssh(SshOptions options) {
  // Short: a socket's path has at most 107 bytes.
  KONVOY_TRY(auto directory, system::TemporaryDirectory::make("kv"));
  auto target = std::make_unique<SshTarget>(std::move(options), std::move(directory));
  KONVOY_CHECK(target->ensure());
  return target;
}

}  // namespace konvoy::target
