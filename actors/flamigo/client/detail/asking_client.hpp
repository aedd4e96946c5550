#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <caf/actor_clock.hpp>
#include <caf/message_id.hpp>

#include "flamigo/client/detail/answering_client.hpp"
#include "flamigo/client/detail/client_question.hpp"
#include "flamigo/client/detail/open_questions.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo::detail {

/// A layer of a connection actor: what the program asks the client.
class asking_client : public answering_client {
public:
  asking_client(caf::actor_config& cfg, const client_environment& env,
                home_unit* home, std::shared_ptr<transport> out,
                claims_ptr who);

  ~asking_client() override;

  /// Questions that may be open at the same time; one more fails with
  /// `errc::too_many_requests`.
  static constexpr std::size_t max_questions = 64;

  /// Asks the client, in this actor. Whoever has asked is answered exactly
  /// once, however this ends.
  void ask(const client_question& what, reply_address asker);

  /// This actor does not want to know what it has asked.
  void withdraw_questions(caf::actor_id asker);

  // -- overridden from CAF ----------------------------------------------------

  void on_exit() override;

protected:
  bool has_to_finish(const close_reason& why) override;

  /// The client has answered something, in time or not.
  void answered(client_answer what);

  /// New questions fail from now on.
  void ask_nothing_more() noexcept {
    silent_ = true;
  }

private:
  struct asked;

  /// There will be no answers.
  void give_up();

  void arm(caf::actor_clock::time_point deadline);

  void expire_questions();

  /// Whether there was one.
  bool withdraw(std::optional<open_questions::question> what);

  /// Tells the client that nobody waits for its answer any more.
  void end_question(const open_questions::question& what);

  /// Of a client that was never asked there is nothing.
  std::unique_ptr<asked> asked_;
  bool silent_ = false;
};

} // namespace flamigo::detail
