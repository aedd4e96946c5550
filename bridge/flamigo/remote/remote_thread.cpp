#include "flamigo/remote/remote_thread.hpp"

#include "flamigo/remote/detail/remote_loop.hpp"

namespace flamigo {

remote_thread::remote_thread()
  : loop_(std::make_shared<detail::remote_loop>()) {
}

} // namespace flamigo
