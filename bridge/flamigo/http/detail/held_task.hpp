#pragma once

#include <memory>
#include <string_view>

#include <caf/fwd.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/http/detail/held_request.hpp"
#include "flamigo/http/detail/request_gate.hpp"
#include "flamigo/http/http_stream.hpp"

namespace flamigo::detail {

class body_sink;
class call_state;
class http_task_handler;
class request_runner;

/// A request that a coroutine answers. For the thread of both.
class held_task final : public held_request {
public:
  /// The runner stops what is at work when nobody waits for it any more. The
  /// body is there until the owner leaves.
  held_task(owner& waiting, io_thread& thread, request_runner& runner,
            const http_task_handler& mounted, http_request what,
            std::string_view text, request_gate before);

  ~held_task() override;

  const http_task_handler& handler;
  const request_gate gate;
  /// Until the handler has it.
  http_request request;
  /// Who asks: a guest, until it has been verified who it is.
  claims_ptr who;
  /// That of the request, elsewhere, as long as somebody waits.
  const std::string_view body;
  /// What goes on for it; null before it waits for the first time.
  std::shared_ptr<call_state> call;

  // -- where it answers in pieces; in the actor -------------------------------

  /// Answers with what the handler has returned, whose stream the actor has
  /// from then on. `fun` is what the stream must not outlive.
  void answer_in_pieces(caf::event_based_actor& self,
                        std::shared_ptr<const void> fun,
                        std::shared_ptr<call_state> of,
                        caf::expected<http_stream> what);

  /// There is room for the next piece.
  void make_room() noexcept;

  // -- held_request -----------------------------------------------------------

  void relieved() override;

  void failed(const caf::error& why) override;

private:
  friend class body_sink;

  void abandoned() override;

  request_runner& runner_;
  /// Where the pieces go, as long as there are any to come.
  body_sink* sink_ = nullptr;
};

} // namespace flamigo::detail
