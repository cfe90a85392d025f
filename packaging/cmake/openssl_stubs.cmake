# Writes the stubs of konvoy_lazy_openssl (KonvoyLazyOpenssl.cmake): cmake -P with -DNM=, -DARCHIVES=
# (what calls, separated by commas), -DCRYPTO= and -DSSL= (what defines), -DOUTPUT=.
cmake_minimum_required(VERSION 3.25)

# konvoy_symbols(VARIABLE PATTERN argument...) puts the names that nm lists in lines of the PATTERN
# into VARIABLE.
function(konvoy_symbols variable pattern)
  execute_process(COMMAND "${NM}" ${ARGN} OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY
                  ERROR_QUIET)
  string(REGEX MATCHALL "${pattern}" found "${listing}")
  list(TRANSFORM found REPLACE ".* " "")
  list(REMOVE_DUPLICATES found)
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()

string(REPLACE "," ";" archives "${ARCHIVES}")
konvoy_symbols(called " U [A-Za-z][A-Za-z0-9_]*" ${archives})
konvoy_symbols(in_crypto " T [A-Za-z][A-Za-z0-9_]*" -D --defined-only "${CRYPTO}")
konvoy_symbols(in_ssl " T [A-Za-z][A-Za-z0-9_]*" -D --defined-only "${SSL}")
set(crypto_functions)
set(ssl_functions)
foreach(name IN LISTS called)
  if(name IN_LIST in_crypto)
    list(APPEND crypto_functions ${name})
  elseif(name IN_LIST in_ssl)
    list(APPEND ssl_functions ${name})
  endif()
endforeach()
if(NOT crypto_functions OR NOT ssl_functions)
  message(FATAL_ERROR "${ARCHIVES} call no function of ${CRYPTO} or none of ${SSL}")
endif()
list(LENGTH crypto_functions crypto_count)
set(stubs "")
set(names "")
set(index 0)
foreach(name IN LISTS crypto_functions ssl_functions)
  string(APPEND stubs "    stub ${index}, ${name}\n")
  string(APPEND names "    .asciz \"${name}\"\n")
  math(EXPR index "${index} + 1")
endforeach()
# konvoy_openssl_find (lazy_openssl.cpp) may change what holds arguments: six registers, and al,
# which counts the vector registers of a variadic call. The vector registers themselves are not
# kept: no OpenSSL function takes floating point.
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT
"    .macro stub index, name
    .globl \\name
    .hidden \\name
    .type \\name, @function
\\name:
    endbr64
    movq konvoy_openssl_addresses + 8 * \\index(%rip), %r11
    testq %r11, %r11
    jz 1f
    jmp *%r11
1:  pushq $\\index
    jmp find
    .endm

    .text
find:
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %r8
    pushq %r9
    pushq %rax
    movq 56(%rsp), %rdi
    subq $8, %rsp
    call konvoy_openssl_find
    addq $8, %rsp
    movq %rax, %r11
    popq %rax
    popq %r9
    popq %r8
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    addq $8, %rsp
    jmp *%r11
@stubs@
    .section .rodata
    .globl konvoy_openssl_names, konvoy_openssl_crypto_count
    .hidden konvoy_openssl_names, konvoy_openssl_crypto_count
konvoy_openssl_names:
@names@
    .balign 8
konvoy_openssl_crypto_count:
    .quad @crypto_count@

    .bss
    .balign 8
    .globl konvoy_openssl_addresses
    .hidden konvoy_openssl_addresses
konvoy_openssl_addresses:
    .zero 8 * @index@
    .section .note.GNU-stack,\"\",%progbits
")
