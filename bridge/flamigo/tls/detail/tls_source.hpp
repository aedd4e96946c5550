#pragma once

#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/tls/detail/tls_context.hpp"
#include "flamigo/tls/tls_options.hpp"

namespace flamigo::detail {

/// Where handshakes get their context from: that of the files as they were
/// read last. For any thread.
class tls_source {
public:
  /// Reads the files. Throws std::runtime_error with a sentence.
  explicit tls_source(tls_options options);

  std::shared_ptr<const tls_context> current() const;

  /// Reads the files again. Connections stay as they are, and on error
  /// everything does.
  caf::error reload();

  /// Reads them again, and says so in the log, if they have changed since they
  /// were read and not since the last look: who is writing them gets done
  /// first.
  void look();

private:
  /// What tells that a file is another one, or has other content.
  struct stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;

    bool operator==(const stamp&) const = default;
  };

  std::vector<stamp> stamps() const;

  tls_options options_;
  mutable std::mutex mtx_;
  std::shared_ptr<const tls_context> current_;
  /// Of the files when they were read.
  std::vector<stamp> read_;
  /// Of the last look.
  std::vector<stamp> seen_;
};

} // namespace flamigo::detail
