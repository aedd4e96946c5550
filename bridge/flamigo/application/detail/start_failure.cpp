#include "flamigo/application/detail/start_failure.hpp"

#include <string>

#include <boost/system/system_error.hpp>

#include "flamigo/io/detail/address.hpp"

namespace flamigo::detail {

namespace {

/// Whether there is too little of something, and not a wrong address.
bool is_shortage(const std::error_code& code) {
  for (auto x :
       {std::errc::too_many_files_open,
        std::errc::too_many_files_open_in_system, std::errc::not_enough_memory,
        std::errc::no_buffer_space, std::errc::no_space_on_device,
        std::errc::resource_unavailable_try_again})
    if (code == x)
      return true;
  return false;
}

} // namespace

std::error_code thrown_code(const std::exception& why) noexcept {
  if (auto* x = dynamic_cast<const boost::system::system_error*>(&why))
    return x->code();
  if (auto* x = dynamic_cast<const std::system_error*>(&why))
    return x->code();
  return std::make_error_code(std::errc::not_enough_memory);
}

std::system_error start_failure(const server_options& options,
                                listening_port last, std::size_t threads,
                                const std::error_code& code) {
  if (is_shortage(code))
    return {code, "cannot start " + std::to_string(threads)
                    + " I/O threads, choose fewer --threads or raise the "
                      "limits of this process (ulimit -n, -u, -v)"};
  return {code, "cannot listen on " + address_of(options.host, last.port)
                  + ", choose another --host or " + last.option};
}

std::system_error metrics_failure(const metrics_options& options,
                                  const std::error_code& code) {
  return {code, "cannot listen on " + address_of(options.address, options.port)
                  + " for metrics, choose another --metrics-address or "
                    "--metrics-port"};
}

} // namespace flamigo::detail
