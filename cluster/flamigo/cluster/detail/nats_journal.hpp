#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <caf/timespan.hpp>

#include "flamigo/cluster/cluster_options.hpp"
#include "flamigo/cluster/detail/journal_transport.hpp"

namespace flamigo::detail {

class io_thread;

/// The journal as a stream of NATS JetStream, kept in files, and read by a
/// consumer that is not acknowledged.
///
/// It speaks to JetStream by its messages instead of the library's functions,
/// which block, and whose ordered consumer does not say where it begins again.
class nats_journal final : public journal_transport {
public:
  /// Says how long messages are kept at least. On the thread.
  using age_function = std::function<caf::timespan()>;

  /// Throws std::invalid_argument for options that the library refuses. The
  /// receiver is called in turns of this thread.
  nats_journal(io_thread& thread, const cluster_options& options,
               age_function age);

  ~nats_journal() override;

  void start(journal_receiver& to) override;

  void stop() override;

  void tick() override;

  void look() override;

  /// False as well when 8 MiB wait for the server.
  bool write(std::string_view body) override;

  void read(std::uint64_t reading, std::uint64_t from) override;

  const std::string& address() const override;

  void ask(std::string_view question) override;

  void answer(const std::string& address, std::string_view what) override;

private:
  struct impl;

  std::shared_ptr<impl> impl_;
};

} // namespace flamigo::detail
