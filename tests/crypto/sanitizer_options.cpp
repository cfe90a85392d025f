// libp11, the engine behind "pkcs11:" keys, never frees its tables of methods. Their names show
// only in whole stacks, which are too slow to take where much is allocated: so only this program
// takes them.

extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "fast_unwind_on_malloc=0";
}

extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:RSA_meth_dup\nleak:EC_KEY_METHOD_new\nleak:EVP_PKEY_meth_new\n";
}
