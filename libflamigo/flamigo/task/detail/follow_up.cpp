#include "flamigo/task/detail/follow_up.hpp"

#include <utility>

#include <caf/event_based_actor.hpp>

#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo::detail {

follow_up::~follow_up() {
  ground().forget(*this);
  ground().cancel(*this);
}

void follow_up::begin(std::unique_ptr<follow_up> what, expected_response of) {
  auto& it = *what;
  if (it.ground().ended())
    return;
  it.ground().expect(it, of.id);
  it.callee_ = std::move(of.callee);
  it.join(std::move(of.caller));
  keep(std::move(what));
  if (of.until != time_point::max())
    it.ground().start(it, of.until);
}

std::unique_ptr<belonging> follow_up::finish() noexcept {
  leave();
  ground().forget(*this);
  ground().cancel(*this);
  return take();
}

void follow_up::is_answered(caf::mailbox_element& what) noexcept {
  auto mine = finish();
  guarded_or_logged([&] { answered(what); }, [this] { return where(); });
}

void follow_up::is_due() noexcept {
  auto mine = finish();
  tell(errc::timeout);
  fail(guarded([] { return make_error(errc::timeout); },
               [](caf::error thrown) { return thrown; }));
}

void follow_up::tell(errc why) noexcept {
  call_state::cancel(std::exchange(callee_, nullptr), why,
                     ground().self().context());
}

void follow_up::stop(const caf::error& why) noexcept {
  auto mine = finish();
  fail(why);
}

void follow_up::fail(caf::error why) noexcept {
  guarded_or_logged([&] { failed(std::move(why)); },
                    [this] { return where(); });
}

} // namespace flamigo::detail
