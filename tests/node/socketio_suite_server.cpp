// A server for the public suite of Socket.IO, with the times and sizes that it
// wants: sends what it is sent back, as `message-back` or as the arguments of
// the acknowledgement, and what a client has connected with as `auth`. Prints
// its port.
//
// The names that the suite emits are none of strategies, and it wants all
// arguments as they were: this server spells that in its own way.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <flamigo/application/application.hpp>
#include <flamigo/client/websocket_client.hpp>
#include <flamigo/context/require_user.hpp>
#include <flamigo/socketio/detail/socket_io_format.hpp>
#include <flamigo/wire/client_request.hpp>
#include <flamigo/wire/laden_text.hpp>

namespace {

using namespace flamigo;
using namespace std::chrono_literals;

constexpr std::string_view before_reply = R"([{"payload":)";
constexpr std::string_view before_event = R"(["message-back",)";

/// Makes arguments of a payload that is their array, in the JSON that a frame
/// has up to `end`.
void spread(std::string& frame, std::size_t end) {
  if (auto reply = frame.find(before_reply); reply < end) {
    frame.erase(end - 2, 2);
    frame.erase(reply, before_reply.size());
  } else if (auto event = frame.find(before_event); event < end) {
    auto payload = event + before_event.size();
    if (frame[payload] != '[')
      return;
    frame.erase(end - 1, 1);
    frame.erase(payload, 1);
  }
}

/// Undoes that.
void gather(std::string& frame) {
  if (auto event = frame.find(before_event); event != std::string::npos) {
    frame.insert(event + before_event.size(), "[");
    frame.push_back(']');
  } else {
    frame.insert(frame.find('['), before_reply);
    frame.append("}]");
  }
}

class suite_format final : public wire_format {
public:
  caf::error decode(std::string_view frame, decoding_space& space,
                    client_request& out) const override {
    if (auto err = base_.decode(frame, space, out))
      return err;
    auto has_bytes = !out.bytes_at.empty();
    if (out.topic == "message")
      out.topic = has_bytes ? "app::suite:bytes" : "app::suite:message";
    else if (out.topic == "message-with-ack")
      out.topic = has_bytes ? "app::suite:bytes_ack" : "app::suite:ack";
    return {};
  }

  caf::error read_answer(std::string_view frame,
                         client_answer& out) const override {
    return base_.read_answer(frame, out);
  }

  void begin_response(std::string& out, std::string_view topic,
                      std::string_view ack_id) const override {
    base_.begin_response(out, topic, ack_id);
  }

  void end_response(std::string& out, std::string_view ack_id) const override {
    base_.end_response(out, ack_id);
    spread(out, out.size());
  }

  void append_part(std::string& out, std::string_view topic,
                   std::string_view payload_json,
                   std::string_view ack_id) const override {
    base_.append_part(out, topic, payload_json, ack_id);
  }

  void append_event(std::string& out, std::string_view topic,
                    std::string_view payload_json) const override {
    base_.append_event(out, topic, payload_json);
    spread(out, out.size());
  }

  void append_question(std::string& out, std::string_view topic,
                       std::string_view payload_json,
                       std::string_view request_id) const override {
    base_.append_question(out, topic, payload_json, request_id);
  }

  void append_error(std::string& out, const caf::error& why,
                    std::string_view ack_id, bool expose_trace) const override {
    base_.append_error(out, why, ack_id, expose_trace);
  }

  void lift_bytes(std::string& frame,
                  detail::bytes_finder where) const override {
    gather(frame);
    base_.lift_bytes(frame, where);
    if (!is_laden(frame))
      return spread(frame, frame.size());
    auto json = read_laden(frame).json;
    spread(frame,
           static_cast<std::size_t>(json.data() - frame.data()) + json.size());
  }

  bool takes_parts(std::string_view ack_id) const noexcept override {
    return base_.takes_parts(ack_id);
  }

  bool names_streams() const noexcept override {
    return base_.names_streams();
  }

  bool is_named(std::string_view ack_id, std::string_view name) const override {
    return base_.is_named(ack_id, name);
  }

private:
  const wire_format& base_ = detail::socket_io_format();
};

std::string shown_by(const claims& who) {
  auto shown = who.extras.find("auth");
  return shown == who.extras.end() ? "{}" : shown->second;
}

caf::error show(context& ctx, client who) {
  who.send("auth", raw_json{shown_by(*ctx.actor().claims)});
  return {};
}

} // namespace

int main() {
  auto config = std::make_unique<configuration>();
  config->server.port = 0;
  config->server.allowed_origins = {"*"};
  config->server.max_message_bytes = 1'000'000;
  config->log_level = log::level::off;
  application app{std::move(config)};
  app.strategies().add("app::suite:message",
                       [](context& ctx, const raw_json& in) {
                         auto who = require_actor<websocket_client>(ctx);
                         if (who)
                           who->send("message-back", in);
                       });
  app.strategies().add("app::suite:bytes",
                       [](client& who, const std::vector<bytes>& in) {
                         who.send("message-back", in);
                       });
  app.strategies().add("app::suite:ack", [](const raw_json& in) { return in; });
  app.strategies().add("app::suite:bytes_ack",
                       [](const std::vector<bytes>& in) { return in; });
  app.on_open(show);
  suite_format format;
  socket_io_options options;
  options.format = &format;
  options.engine.ping_interval = 300ms;
  options.engine.ping_timeout = 200ms;
  options.connect_timeout = 1s;
  options.keep_auth = true;
  options.namespaces["/custom"] = show;
  app.socket_io(std::move(options));
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  app.start();
  std::cout << app.port() << std::endl;
  int which = 0;
  sigwait(&ends, &which);
}
