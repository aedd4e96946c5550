#include "flamigo/context/detail/enduring_actor.hpp"

#include <boost/core/demangle.hpp>

#include <caf/actor_system.hpp>
#include <caf/message_view.hpp>
#include <caf/response_promise.hpp>
#include <caf/uniform_type_info_map.hpp>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// A log that fails ends no actor.
template <class F>
void say(const enduring_actor& who, F text) noexcept {
  guarded_or_logged([&] { log::error(who.title() + text()); },
                    [&] { return who.title(); });
}

/// Types and atoms, but no values: they may be nobody's business.
std::string types_of(const caf::type_erased_tuple& what,
                     const caf::actor_system& system) {
  std::string result;
  for (std::size_t i = 0; i < what.size(); ++i) {
    auto type = what.type(i);
    result += i == 0 ? "(" : ", ";
    if (what.match_element<caf::atom_value>(i))
      result += "\"" + to_string(what.get_as<caf::atom_value>(i)) + "\"";
    else if (type.second != nullptr)
      result += boost::core::demangle(type.second->name());
    else
      result += system.types().portable_name(type);
  }
  return result.empty() ? "()" : result + ")";
}

} // namespace

enduring_actor::enduring_actor(caf::actor_config& cfg)
  : caf::event_based_actor(cfg) {
  setf(is_enduring_flag);
  set_exception_handler([this](std::exception_ptr& thrown) -> caf::error {
    say(*this,
        [&] { return ": a handler of messages: " + trace_of(caught(thrown)); });
    return {};
  });
  set_error_handler([this](caf::error& why) {
    say(*this, [&] {
      return ": what it has sent was answered with an error: " + trace_of(why);
    });
  });
  set_default_handler([this](caf::scheduled_actor*, caf::message_view& what) {
    return unknown(what);
  });
}

enduring_actor::~enduring_actor() = default;

void enduring_actor::unfinished(
  std::unique_ptr<unfinished_work> what) noexcept {
  unfinished_ = std::move(what);
}

caf::invoke_message_result enduring_actor::consume(caf::mailbox_element& what) {
  try {
    if (unfinished_ && answered(what))
      return caf::invoke_message_result::consumed;
    return caf::event_based_actor::consume(what);
  } catch (...) {
    failed(std::current_exception());
    return caf::invoke_message_result::consumed;
  }
}

bool enduring_actor::answered(caf::mailbox_element& what) {
  // What an actor awaits in CAF's sense holds back all else.
  if (!what.mid.is_response() || !awaited_responses_.empty())
    return false;
  current_mailbox_element(&what);
  return unfinished_->answer(what);
}

void enduring_actor::on_exit() {
  if (unfinished_)
    unfinished_->end();
}

void enduring_actor::failed(std::exception_ptr thrown) {
  // Nothing happens where somebody else has promised the answer.
  if (current_mailbox_element()->mid.is_request())
    guarded_or_logged([&] { make_response_promise().deliver(caught(thrown)); },
                      [this] { return title(); });
  auto why = verdict(thrown);
  // CAF takes such a handler out while it calls it, and puts it back only if it
  // returns: this actor would not be the same any more.
  if (!why
      && !(down_handler_ && exit_handler_ && error_handler_
           && default_handler_))
    why = caught(thrown);
  if (why)
    quit(std::move(why));
}

caf::error enduring_actor::verdict(std::exception_ptr& thrown) {
  try {
    return call_handler(exception_handler_, this, thrown);
  } catch (...) {
    set_exception_handler(default_exception_handler);
    return caught();
  }
}

caf::result<caf::message>
enduring_actor::unknown(const caf::message_view& what) {
  say(*this, [&] {
    return " has no handler for the message "
           + types_of(what.content(), system())
           + ", which is dropped; it may be what another actor's handler has "
             "returned to a plain send";
  });
  if (current_mailbox_element()->mid.is_request())
    return caf::sec::unexpected_message;
  return caf::delegated<caf::message>{};
}

} // namespace flamigo::detail
