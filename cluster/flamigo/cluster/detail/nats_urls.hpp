#pragma once

#include <string>
#include <vector>

namespace flamigo::detail {

/// The servers of `--nats-url`, between whose commas blanks may stand. Throws
/// std::invalid_argument, with a sentence, unless each is
/// `[nats://|tls://][user:password@|token@]host[:port]`: the client of NATS
/// would try for ever to reach what cannot be.
std::vector<std::string> read_nats_urls(const std::string& urls);

/// As people may read it: with nobody's password or token.
std::string shown_nats_urls(const std::string& urls);

} // namespace flamigo::detail
