// The server that load generators drive: an echo, written with the public API
// only. The load speaks the ordinary protocol.

#include <flamigo/bridge/application.hpp>

int main(int argc, char** argv) {
  flamigo::application app{argc, argv};
  app.strategies().add("app::bench:echo",
                       [](const flamigo::raw_json& in) { return in; });
  return app.run();
}
