#include "flamigo/remote/remote_call.hpp"

#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/remote/detail/remote_runtime.hpp"

namespace flamigo {

void remote_call::cancel() const {
  if (auto runtime = at_.lock())
    runtime->post([id = id_](auto& session) {
      session.cancel(*id, make_error(errc::cancelled));
    });
}

remote_call::remote_call(std::weak_ptr<detail::remote_runtime> at,
                         std::shared_ptr<std::uint64_t> id)
  : at_(std::move(at)), id_(std::move(id)) {
}

} // namespace flamigo
