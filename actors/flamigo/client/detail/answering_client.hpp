#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/client/detail/finishing.hpp"
#include "flamigo/client/detail/in_flight.hpp"
#include "flamigo/client/detail/part_sink.hpp"
#include "flamigo/client/detail/user_client.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/task/detail/json_stream.hpp"

namespace flamigo::detail {

/// A layer of a connection actor: the requests whose answers come
/// later, from domain actors and from strategies that made a promise, and how
/// long the client waits for them.
class answering_client : public user_client, protected reply_port {
public:
  using time_point = caf::actor_clock::time_point;

  using user_client::user_client;

  void on_exit() override;

protected:
  /// What the client wanted an answer of is cancelled, but for what the program
  /// has declared detached; the rest is finished, within its time.
  bool has_to_finish(const close_reason& why) override;

  /// Requests that wait for their answers.
  std::size_t waiting() const noexcept {
    return in_flight_.size();
  }

  /// Remembers a request, which began to run then, until the CAF response with
  /// this id comes, or its time is up. It is cancelled by its state, which is
  /// null if nothing goes on for it. One that is answered in parts has a time
  /// for each of them, which is the stream's business.
  void await_response(caf::message_id id, const strategy_ptr& what,
                      std::string_view ack_id,
                      std::shared_ptr<call_state> state, time_point since,
                      span_ptr step);

  /// Sends the items of a stream as the parts of an answer, as the client takes
  /// them, and answers the request behind them.
  void answer_in_parts(json_stream rows, const strategy_ptr& what,
                       std::string_view ack_id,
                       std::shared_ptr<call_state> state, time_point since,
                       span_ptr step);

  /// There may be room again for what can wait: parts, and channels.
  void make_room();

  /// The same for the call that has just run and deferred its answer.
  void await_deferred(const strategy_ptr& what, std::string_view ack_id,
                      std::shared_ptr<call_state> state, time_point since,
                      span_ptr step) {
    await_response(deferred_id_, what, ack_id, std::move(state), since,
                   std::move(step));
  }

  /// Takes out a request that the client calls by this name: it has to be
  /// answered, then ended.
  bool take_request(std::string_view name, pending_request& result);

  /// Nobody waits for it any more. One that goes on all the same keeps its
  /// place until it has ended.
  void end(pending_request what, errc why);

  /// Answers a request, which waits no more: with the payload, or with the
  /// error if that is null.
  virtual void
  answer(const pending_request& req, std::string* payload, caf::error why)
    = 0;

  /// One that was answered before has ended.
  virtual void place_is_free() = 0;

private:
  reply_address defer() override;

  /// Nobody waits for the answers that the client has asked for.
  void cancel_unheard();

  /// Of a client that has gone: whether all is done.
  void end_if_finished();

  /// Made when it is first needed.
  const caf::behavior& response_handler();

  void on_response(std::string* payload, caf::error why);

  void arm_deadline();

  void expire_requests();

  in_flight in_flight_{request_meter{env_.metrics}};
  /// Streams that wait until there is room for their next part.
  part_sink::queue waiting_parts_;
  /// Whether channels were asked before them the last time.
  bool channels_first_ = false;
  caf::behavior response_handler_;
  caf::message_id deferred_id_;
  caf::message_id deadline_id_;
  /// Of a client that has gone, while something is finished for it.
  std::unique_ptr<finishing> finishing_;
};

} // namespace flamigo::detail
